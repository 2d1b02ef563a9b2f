using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Applies explicit tags to scalars. Digdag behaviour: dig-language 2.3.</summary>
internal static partial class YamlTag
{
    public const string Prefix = "tag:yaml.org,2002:";
    public const string Merge = Prefix + "merge";
    public const string Set = Prefix + "set";
    public const string OrderedMap = Prefix + "omap";
    public const string Pairs = Prefix + "pairs";
    public const string Include = "!include";

    /// <summary>What the reader's messages call a kind of value.</summary>
    public static string KindOf(ConfigValue value) => value switch
    {
        ConfigMap => "mapping",
        ConfigList => "sequence",
        _ => "scalar",
    };

    /// <summary>The error of a tag on another kind of value than it is for.</summary>
    public static WorkflowException WrongKind(string tag, string found, SourceSpan span) => tag switch
    {
        _ when !IsKnown(tag) => Unknown(tag, span),
        OrderedMap or Pairs or Prefix + "seq" => new WorkflowException(
            FailureKind.Constructor, $"expected a sequence, but found {found} (the tag is {tag})", span),
        Set or Prefix + "map" => new WorkflowException(
            FailureKind.Constructor, $"expected a mapping, but found {found} (the tag is {tag})", span),
        _ => new WorkflowException(FailureKind.Constructor, $"expected a scalar, but found {found} (the tag is {tag})", span),
    };

    /// <summary>The error of a tag that nothing is known of.</summary>
    public static WorkflowException Unknown(string tag, SourceSpan span) =>
        new(FailureKind.Constructor, $"could not determine a constructor for the tag {tag}", span);

    /// <summary>Whether a tag names something that Digdag can construct.</summary>
    private static bool IsKnown(string tag) => tag is "!"
        or Prefix + "str" or Prefix + "int" or Prefix + "float" or Prefix + "bool" or Prefix + "null" or Prefix + "map"
        or Prefix + "seq" or Prefix + "set" or Prefix + "omap" or Prefix + "pairs" or Prefix + "binary" or Prefix + "timestamp";

    /// <summary>The value of a scalar with a tag.</summary>
    public static ConfigValue Scalar(string tag, string text, bool plain, SourceSpan span) => tag switch
    {
        "!" => plain ? YamlScalar.Resolve(text, span) : new ConfigText(text, span),
        Prefix + "str" => new ConfigText(text, span),
        Prefix + "binary" => Binary(text, span),
        Prefix + "null" => new ConfigNull(span),
        Prefix + "bool" => Boolean(text, span),
        Prefix + "int" => Integer(text, span),
        Prefix + "float" => Float(text, span),
        Prefix + "timestamp" => Timestamp(text, span),
        _ => throw WrongKind(tag, "scalar", span),
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

    private static ConfigText Binary(string text, SourceSpan span)
    {
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (plain.Length % 4 != 0)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, "Length of Base64 encoded input string is not a multiple of 4.", span);
        }

        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain, bytes, out var length)
            ? new ConfigText(Convert.ToBase64String(bytes.AsSpan(0, length)), span)
            : throw new WorkflowException(FailureKind.IllegalArgument, "Illegal character in Base64 encoded data.", span);
    }

    // Fields beyond their range roll over, as in Java's lenient calendar.
    private static ConfigInteger Timestamp(string text, SourceSpan span)
    {
        if (TimestampForm().Match(text) is not { Success: true } match)
        {
            throw new WorkflowException(FailureKind.Constructor, $"Unexpected timestamp: {text}", span);
        }

        var fields = Enumerable.Range(1, 6).Select(i => Number(match.Groups[i].Value)).ToArray();
        var fraction = double.Parse("0." + match.Groups[7].Value + "0", CultureInfo.InvariantCulture);
        var offset = Number(match.Groups[8].Value.TrimStart('-', '+')) * 60 + Number(match.Groups[9].Value);
        var local = new LocalDate(Math.Max(1, fields[0]), 1, 1).PlusMonths(fields[1] - 1).PlusDays(fields[2] - 1).AtMidnight()
            .PlusHours(fields[3]).PlusMinutes(fields[4]).PlusSeconds(fields[5]).PlusMilliseconds((long)Math.Round(fraction * 1000))
            .PlusMinutes(match.Groups[8].Value.StartsWith('-') ? offset : -offset);
        return new ConfigInteger(local.InUtc().ToInstant().ToUnixTimeMilliseconds(), span);
    }

    private static int Number(string digits) => digits.Length == 0 ? 0 : int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:Z|([-+]\d\d?)(?::?(\d\d)?)?))?)?$",
        RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex TimestampForm();
}
