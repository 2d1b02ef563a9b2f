using System.Globalization;
using System.Numerics;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Query.Functions;

/// <summary>Presto's functions over texts that have no counterpart in DuckDB.</summary>
internal static class TextParts
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary><c>split(text, delimiter, limit)</c>: at most so many parts, the last one keeps the rest.</summary>
    public static List<string> Split(string text, string delimiter, long limit) =>
        limit <= 0 ? throw new SqlFunctionException("Limit must be positive")
        : delimiter.Length == 0 ? throw new SqlFunctionException("The delimiter may not be the empty string")
        : [.. text.Split(delimiter, (int)Math.Min(limit, int.MaxValue))];

    /// <summary><c>split_to_map</c> as JSON.</summary>
    public static string SplitToMap(string text, string entryDelimiter, string keyDelimiter)
    {
        var map = new ConfigMapBuilder();
        foreach (var (key, value) in Entries(text, entryDelimiter, keyDelimiter))
        {
            map.Set(key, value);
        }

        return map.Build().ToString();
    }

    /// <summary><c>split_to_multimap</c> as JSON: every key with the list of its values.</summary>
    public static string SplitToMultimap(string text, string entryDelimiter, string keyDelimiter)
    {
        var map = new ConfigMapBuilder();
        foreach (var group in Entries(text, entryDelimiter, keyDelimiter).GroupBy(e => e.Key, StringComparer.Ordinal))
        {
            map.Set(group.Key, new ConfigList([.. group.Select(e => new ConfigText(e.Value))]));
        }

        return map.Build().ToString();
    }

    /// <summary><c>strpos</c> with a number: where, from 1, the so many-th occurrence starts, counted from the end when negative; 0 for none.</summary>
    public static long Position(string text, string part, long occurrence)
    {
        if (occurrence == 0)
        {
            throw new SqlFunctionException("'instance' must be a positive or negative number.");
        }

        if (part.Length == 0)
        {
            return 1;
        }

        var at = occurrence > 0 ? -1 : text.Length;
        for (var n = Math.Abs(occurrence); n > 0; n--)
        {
            at = occurrence > 0 ? text.IndexOf(part, at + 1, StringComparison.Ordinal)
                : at > 0 ? text.LastIndexOf(part, at - 1, StringComparison.Ordinal)
                : -1;
            if (at < 0)
            {
                return 0;
            }
        }

        // Characters outside the basic plane count once.
        return text.AsSpan(0, at).ToString().EnumerateRunes().Count() + 1;
    }

    /// <summary>Bytes as text, each that is none of UTF-8 replaced.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="replacement">What stands for a wrong byte: one character or nothing.</param>
    public static string FromUtf8(byte[] bytes, string replacement) =>
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(replacement)).GetString(bytes);

    /// <summary><c>luhn_check</c>: whether the last digit is the right one for the others.</summary>
    public static bool LuhnCheck(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (!char.IsAsciiDigit(digits[^(i + 1)]))
            {
                throw new SqlFunctionException("Input contains non-digit character");
            }

            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return digits.Length > 0 && sum % 10 == 0;
    }

    /// <summary>A number in another base, from 2 to 36.</summary>
    public static string ToBase(long value, long radix)
    {
        CheckRadix(radix);
        var rest = BigInteger.Abs(value);
        var text = new StringBuilder();
        do
        {
            text.Insert(0, Digits[(int)(rest % radix)]);
            rest /= radix;
        }
        while (!rest.IsZero);
        return value < 0 ? "-" + text : text.ToString();
    }

    /// <summary>A number written in another base.</summary>
    public static long FromBase(string text, long radix)
    {
        CheckRadix(radix);
        var digits = text.ToLowerInvariant().TrimStart('-');
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            value = digit >= 0 && digit < radix ? (value * radix) + digit : throw NotANumber(text, radix);
        }

        value = text.StartsWith('-') ? -value : value;
        return digits.Length > 0 && value >= long.MinValue && value <= long.MaxValue ? (long)value : throw NotANumber(text, radix);
    }

    /// <summary>A duration in words, for example <c>1 minute, 36 seconds</c>.</summary>
    public static string HumanReadableSeconds(long seconds)
    {
        var rest = Math.Abs(seconds);
        var parts = new List<string>();
        foreach (var (unit, length) in ((string, long)[])[("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)])
        {
            var count = rest / length;
            rest %= length;
            if (count > 0 || (unit == "second" && parts.Count == 0))
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? string.Empty : "s")}"));
            }
        }

        return string.Join(", ", parts);
    }

    private static IEnumerable<(string Key, string Value)> Entries(string text, string entryDelimiter, string keyDelimiter)
    {
        foreach (var entry in text.Split(entryDelimiter, StringSplitOptions.RemoveEmptyEntries))
        {
            var at = entry.IndexOf(keyDelimiter, StringComparison.Ordinal);
            yield return at >= 0
                ? (entry[..at], entry[(at + keyDelimiter.Length)..])
                : throw new SqlFunctionException($"Key-value delimiter must appear exactly once in each entry. Bad input: '{entry}'");
        }
    }

    private static void CheckRadix(long radix)
    {
        if (radix is < 2 or > 36)
        {
            throw new SqlFunctionException("Radix must be between 2 and 36");
        }
    }

    private static SqlFunctionException NotANumber(string text, long radix) => new($"Not a valid base-{radix} number: {text}");
}
