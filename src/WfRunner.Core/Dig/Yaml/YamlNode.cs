using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>What a node means besides its value.</summary>
internal enum YamlNodeForm
{
    /// <summary>A value.</summary>
    Ordinary,

    /// <summary>A plain <c>&lt;&lt;</c>, or one tagged <c>!!merge</c>: only a key may be one.</summary>
    Merge,

    /// <summary>A scalar tagged <c>!include</c>.</summary>
    Include,
}

/// <summary>A node of a document, which a key or a value is made of.</summary>
/// <param name="Value">The typed value; for <see cref="YamlNodeForm.Include"/> the path.</param>
/// <param name="Text">The text of a scalar as written, null for collections.</param>
/// <param name="Form">What it means.</param>
/// <param name="Span">Its place.</param>
internal readonly record struct YamlNode(ConfigValue Value, string? Text, YamlNodeForm Form, SourceSpan Span);

/// <summary>A key of a mapping and what stands behind it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
internal readonly record struct YamlPair(YamlNode Key, ConfigValue Value);
