namespace WfRunner.Core.Dig.Yaml;

/// <summary>What the scanner finds in a text.</summary>
internal enum YamlTokenKind
{
    /// <summary>A line that starts with <c>%</c>.</summary>
    Directive,

    /// <summary><c>---</c></summary>
    DocumentStart,

    /// <summary><c>...</c></summary>
    DocumentEnd,

    /// <summary>The first <c>-</c> of a deeper column.</summary>
    BlockSequenceStart,

    /// <summary>The first key of a deeper column.</summary>
    BlockMappingStart,

    /// <summary>The column went back.</summary>
    BlockEnd,

    /// <summary><c>[</c></summary>
    FlowSequenceStart,

    /// <summary><c>]</c></summary>
    FlowSequenceEnd,

    /// <summary><c>{</c></summary>
    FlowMappingStart,

    /// <summary><c>}</c></summary>
    FlowMappingEnd,

    /// <summary><c>-</c></summary>
    BlockEntry,

    /// <summary><c>,</c></summary>
    FlowEntry,

    /// <summary>What follows is a key.</summary>
    Key,

    /// <summary><c>:</c></summary>
    Value,

    /// <summary><c>*name</c></summary>
    Alias,

    /// <summary><c>&amp;name</c></summary>
    Anchor,

    /// <summary><c>!tag</c></summary>
    Tag,

    /// <summary>A text in any notation.</summary>
    Scalar,

    /// <summary>The end.</summary>
    StreamEnd,
}
