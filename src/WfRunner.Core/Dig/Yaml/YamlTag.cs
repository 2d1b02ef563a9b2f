using System.Globalization;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Applies explicit tags to scalars. Digdag behaviour: dig-language 2.3.</summary>
internal static class YamlTag
{
    public const string Prefix = "tag:yaml.org,2002:";
    public const string Include = "!include";

    /// <summary>Whether a tag names something that Digdag can construct.</summary>
    public static bool IsKnown(string tag) => tag is "!"
        or Prefix + "str" or Prefix + "int" or Prefix + "float" or Prefix + "bool" or Prefix + "null" or Prefix + "map"
        or Prefix + "seq" or Prefix + "set" or Prefix + "omap" or Prefix + "pairs" or Prefix + "binary" or Prefix + "timestamp";

    /// <summary>The value of a scalar with a tag.</summary>
    public static ConfigValue Scalar(string tag, string text, bool plain, SourceSpan span) => tag switch
    {
        "!" => plain ? YamlScalar.Resolve(text, span) : new ConfigText(text, span),
        Prefix + "str" => new ConfigText(text, span),
        Prefix + "binary" => new ConfigText(text, span),
        Prefix + "null" => new ConfigNull(span),
        Prefix + "bool" => Boolean(text, span),
        Prefix + "int" => Integer(text, span),
        Prefix + "float" => Float(text, span),
        Prefix + "timestamp" => Timestamp(text, span),
        _ => throw new WorkflowException(FailureKind.Constructor, $"expected a collection for the tag {tag}, but found a scalar", span),
    };

    private static ConfigValue Boolean(string text, SourceSpan span) => text.ToUpperInvariant() switch
    {
        "YES" or "ON" or "TRUE" => new ConfigBoolean(true, span),
        "NO" or "OFF" or "FALSE" => new ConfigBoolean(false, span),
        _ => new ConfigNull(span),
    };

    private static ConfigInteger Integer(string text, SourceSpan span)
    {
        if (text.Length > 0 && YamlScalar.ParseInteger(text) is { } integer)
        {
            return new ConfigInteger(integer, span);
        }

        // Base 60 is allowed here, though not for plain scalars.
        var parts = text.TrimStart('+', '-').Replace("_", string.Empty, StringComparison.Ordinal).Split(':');
        if (parts.Length < 2 || Array.Exists(parts, p => p.Length == 0 || !p.All(char.IsAsciiDigit)))
        {
            throw new WorkflowException(FailureKind.NumberFormat, $"For input string: \"{text}\"", span);
        }

        var value = parts.Aggregate(
            System.Numerics.BigInteger.Zero,
            (sum, part) => (sum * 60) + System.Numerics.BigInteger.Parse(part, CultureInfo.InvariantCulture));
        return new ConfigInteger(text.StartsWith('-') ? -value : value, span);
    }

    private static ConfigValue Float(string text, SourceSpan span)
    {
        if (text.Length > 0 && YamlScalar.ParseFloat(text) is { } number)
        {
            return YamlScalar.FromDouble(number, span);
        }

        var plain = text.Replace("_", string.Empty, StringComparison.Ordinal);
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? YamlScalar.FromDouble(parsed, span)
            : throw new WorkflowException(FailureKind.NumberFormat, $"For input string: \"{text}\"", span);
    }

    private static ConfigInteger Timestamp(string text, SourceSpan span) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new ConfigInteger(time.ToUnixTimeMilliseconds(), span)
            : throw new WorkflowException(FailureKind.Constructor, $"Unexpected timestamp: {text}", span);
}
