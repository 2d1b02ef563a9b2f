namespace WfRunner.Core.Dig.Yaml;

/// <summary>A piece of YAML.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">Just behind its last character.</param>
/// <param name="Text">The value of a scalar, the name of an anchor, alias or directive, the rest of a tag behind its handle.</param>
/// <param name="Detail">The handle of a tag (null when verbatim), the arguments of a directive.</param>
/// <param name="Plain">Whether a scalar was written without quotation marks and not as a block.</param>
internal readonly record struct YamlToken(
    YamlTokenKind Kind, YamlMark Start, YamlMark End, string Text = "", string? Detail = null, bool Plain = false)
{
    /// <summary>The token's name in messages.</summary>
    public string Name => Kind switch
    {
        YamlTokenKind.Directive => "<directive>",
        YamlTokenKind.DocumentStart => "<document start>",
        YamlTokenKind.DocumentEnd => "<document end>",
        YamlTokenKind.BlockSequenceStart => "<block sequence start>",
        YamlTokenKind.BlockMappingStart => "<block mapping start>",
        YamlTokenKind.BlockEnd => "<block end>",
        YamlTokenKind.FlowSequenceStart => "[",
        YamlTokenKind.FlowSequenceEnd => "]",
        YamlTokenKind.FlowMappingStart => "{",
        YamlTokenKind.FlowMappingEnd => "}",
        YamlTokenKind.BlockEntry => "-",
        YamlTokenKind.FlowEntry => ",",
        YamlTokenKind.Key => "?",
        YamlTokenKind.Value => ":",
        YamlTokenKind.Alias => "<alias>",
        YamlTokenKind.Anchor => "<anchor>",
        YamlTokenKind.Tag => "<tag>",
        YamlTokenKind.Scalar => "<scalar>",
        _ => "<stream end>",
    };
}
