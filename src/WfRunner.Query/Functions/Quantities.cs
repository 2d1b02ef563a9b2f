using System.Globalization;
using System.Numerics;

namespace WfRunner.Query.Functions;

/// <summary>Presto's functions over quantities with units: durations, sizes of data, large numbers.</summary>
internal static class Quantities
{
    private static readonly string[] Thousands = ["", "K", "M", "B", "T", "Q"];
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

    /// <summary><c>parse_duration</c>: the microseconds of a text such as <c>3.81 d</c>.</summary>
    public static long ParseDuration(string text)
    {
        var (number, unit) = Split(text, "duration");
        decimal? microseconds = unit switch
        {
            "ns" => number / 1000,
            "us" => number,
            "ms" => number * 1000,
            "s" => number * 1_000_000,
            "m" => number * 60_000_000,
            "h" => number * 3_600_000_000,
            "d" => number * 86_400_000_000,
            _ => null,
        };
        return microseconds is { } size && size < long.MaxValue
            ? (long)decimal.Round(size)
            : throw new SqlFunctionException($"duration is not a valid data duration string: {text}");
    }

    /// <summary><c>parse_data_size</c>: the bytes of a text such as <c>2.3MB</c>, as a decimal number.</summary>
    public static string ParseDataSize(string text)
    {
        var (number, unit) = Split(text, "data size");
        var power = Array.IndexOf(Sizes, unit);
        return power >= 0
            ? (new BigInteger(number * 1_000_000) * BigInteger.Pow(1024, power) / 1_000_000).ToString(CultureInfo.InvariantCulture)
            : throw new SqlFunctionException($"Invalid data size: '{text}'");
    }

    /// <summary><c>format_number</c>: a number with three digits and a letter for its thousands, such as <c>123K</c>.</summary>
    public static string FormatNumber(double number)
    {
        var size = Math.Abs(number);
        var step = 0;
        while (size >= 1000 && step < Thousands.Length - 1)
        {
            size /= 1000;
            step++;
        }

        var decimals = size >= 100 ? "0" : size >= 10 ? "0.#" : "0.##";
        return (number < 0 ? "-" : string.Empty) + size.ToString(decimals, CultureInfo.InvariantCulture) + Thousands[step];
    }

    private static (decimal Number, string Unit) Split(string text, string what)
    {
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.LastIndexOfAnyInRange('0', '9') + 1;
        return decimal.TryParse(trimmed[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e18m
            ? (number, trimmed[end..].Trim().ToString())
            : throw new SqlFunctionException($"Invalid {what}: '{text}'");
    }
}
