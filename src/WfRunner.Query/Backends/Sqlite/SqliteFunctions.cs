using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Query.Functions;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>Presto's and TD's functions for SQLite, which lacks most of them. A NULL argument gives NULL unless said otherwise.</summary>
internal static class SqliteFunctions
{
    private static readonly Dictionary<string, Func<object?[], object?>> Strict = new(StringComparer.Ordinal)
    {
        ["wf_varchar"] = a => Text(a[0]),
        ["wf_bigint"] = a => BigInt(a[0]) ?? throw new SqlFunctionException($"Cannot cast '{Text(a[0])}' to BIGINT"),
        ["wf_try_bigint"] = a => BigInt(a[0]),
        ["wf_double"] = a => Double(a[0]) ?? throw new SqlFunctionException($"Cannot cast '{Text(a[0])}' to DOUBLE"),
        ["wf_try_double"] = a => Double(a[0]),
        ["wf_boolean"] = a => Text(a[0]).ToLowerInvariant() switch
        {
            "true" or "t" or "1" => 1L,
            "false" or "f" or "0" => 0L,
            var other => throw new SqlFunctionException($"Cannot cast '{other}' to BOOLEAN"),
        },
        ["wf_date"] = a => PrestoTime.FormatDate(Time(a[0])),
        ["wf_timestamp"] = a => PrestoTime.Format(Time(a[0])),
        ["from_unixtime"] = a => FromUnixTime(Number(a[0]), a.Length > 1 ? Text(a[1]) : null),
        ["to_unixtime"] = a => (Time(a[0]).InUtc().ToInstant() - NodaConstants.UnixEpoch).TotalSeconds,
        ["date_trunc"] = a => Like(a[1], PrestoTime.Truncate(Text(a[0]), Time(a[1]))),
        ["date_add"] = a => Like(a[2], PrestoTime.Add(Text(a[0]), (long)Number(a[1]), Time(a[2]))),
        ["date_diff"] = a => PrestoTime.Between(Text(a[0]), Time(a[1]), Time(a[2])),
        ["date_format"] = a => MySqlDateFormat.Format(Time(a[0]), Text(a[1])),
        ["date_parse"] = a => PrestoTime.Format(MySqlDateFormat.Parse(Text(a[0]), Text(a[1]))),
        ["regexp_like"] = a => JavaRegex.Like(Text(a[0]), Text(a[1])) ? 1L : 0L,
        ["regexp_extract"] = a => JavaRegex.Extract(Text(a[0]), Text(a[1]), a.Length > 2 ? (long)Number(a[2]) : 0),
        ["regexp_replace"] = a => JavaRegex.Replace(Text(a[0]), Text(a[1]), a.Length > 2 ? Text(a[2]) : string.Empty),
        ["regexp_count"] = a => JavaRegex.Count(Text(a[0]), Text(a[1])),
        ["split_part"] = a => SplitPart(Text(a[0]), Text(a[1]), (long)Number(a[2])),
        ["reverse"] = a => Reverse(Text(a[0])),
        ["lpad"] = a => Pad(Text(a[0]), (int)Number(a[1]), Text(a[2]), isLeft: true),
        ["rpad"] = a => Pad(Text(a[0]), (int)Number(a[1]), Text(a[2]), isLeft: false),
        ["starts_with"] = a => Text(a[0]).StartsWith(Text(a[1]), StringComparison.Ordinal) ? 1L : 0L,
        ["json_extract_scalar"] = a => JsonPath.ExtractScalar(Text(a[0]), Text(a[1])),
        ["json_extract"] = a => JsonPath.Extract(Text(a[0]), Text(a[1])),
        ["json_size"] = a => JsonPath.Size(Text(a[0]), Text(a[1])),
        ["url_extract_protocol"] = a => UrlParts.Extract(Text(a[0]), "protocol"),
        ["url_extract_host"] = a => UrlParts.Extract(Text(a[0]), "host"),
        ["url_extract_port"] = a => UrlParts.Extract(Text(a[0]), "port") is { } port ? long.Parse(port, CultureInfo.InvariantCulture) : null,
        ["url_extract_path"] = a => UrlParts.Extract(Text(a[0]), "path"),
        ["url_extract_query"] = a => UrlParts.Extract(Text(a[0]), "query"),
        ["url_extract_fragment"] = a => UrlParts.Extract(Text(a[0]), "fragment"),
        ["url_extract_parameter"] = a => UrlParts.Parameter(Text(a[0]), Text(a[1])),
        ["url_decode"] = a => WebUtility.UrlDecode(Text(a[0])),
        ["url_encode"] = a => WebUtility.UrlEncode(Text(a[0])),
        ["td_url_decode"] = a => WebUtility.UrlDecode(Text(a[0])),
        ["td_url_encode"] = a => WebUtility.UrlEncode(Text(a[0])),
        ["td_md5"] = a => Md5(Text(a[0])),
        ["truncate"] = a => Math.Truncate(Number(a[0])),
        ["cbrt"] = a => Math.Cbrt(Number(a[0])),
    };

    // These give an answer although an argument is NULL: a zone that is none is UTC, a bound that is none is no bound.
    private static readonly Dictionary<string, Func<object?[], object?>> OfNulls = new(StringComparer.Ordinal)
    {
        ["td_time_format"] = a => Seconds(a[0]) is { } t && a[1] is not null ? JavaDatePattern.Get(Text(a[1])).Format(t, Zone(a, 2)) : null,
        ["td_time_string"] = a => Seconds(a[0]) is { } t && a[1] is not null ? TdTimeFunctions.TimeString(t, Text(a[1]), ZoneText(a, 2)) : null,
        ["wf_td_time_parse"] = a => a[0] is null ? null : TdTimeFunctions.Bound(Text(a[0]), ZoneText(a, 1)),
        ["wf_td_time_add"] = a => Bound(a[0], ZoneText(a, 2)) is { } t && a[1] is not null ? TdTimeFunctions.TimeAdd(t, Text(a[1])) : null,
        ["wf_td_date_trunc"] = a => a[0] is not null && Seconds(a[1]) is { } t ? TdTimeFunctions.DateTrunc(Text(a[0]), t, ZoneText(a, 2)) : null,
        ["wf_td_time_range"] = TimeRange,
        ["wf_td_interval"] = a => Seconds(a[0]) is { } t && a[1] is not null ? Interval(t, Text(a[1]), ZoneText(a, 2), (long)a[3]!) : null,
        ["uuid"] = _ => Guid.NewGuid().ToString(),
    };

    /// <summary>Makes the functions known to a connection.</summary>
    public static void Register(SqliteConnection connection)
    {
        foreach (var (name, body) in Strict)
        {
            connection.CreateFunction(
                name, (object?[] a) => Array.Exists(a, v => v is null or DBNull) ? null : Checked(name, body, a), isDeterministic: true);
        }

        foreach (var (name, body) in OfNulls)
        {
            connection.CreateFunction(name, (object?[] a) => Checked(name, body, [.. a.Select(v => v is DBNull ? null : v)]), isDeterministic: name != "uuid");
        }
    }

    private static object? Checked(string name, Func<object?[], object?> body, object?[] arguments)
    {
        try
        {
            return body(arguments);
        }
        catch (IndexOutOfRangeException)
        {
            throw new SqlFunctionException($"wrong number of arguments to function {name}()");
        }
        catch (OverflowException)
        {
            throw new SqlFunctionException($"a number is out of range in {name}()");
        }
    }

    private static string Text(object? value) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => ConfigJson.Write(new ConfigFloat(number)),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => string.Empty,
    };

    private static long? BigInt(object? value) => value switch
    {
        long number => number,
        double number when Math.Abs(number) < 9.2e18 => (long)Math.Round(number, MidpointRounding.AwayFromZero),
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static double? Double(object? value) => value switch
    {
        long number => number,
        double number => number,
        string text when double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static double Number(object? value) => Double(value) ?? throw new SqlFunctionException($"'{Text(value)}' is not a number");

    private static LocalDateTime Time(object? value) =>
        PrestoTime.Parse(Text(value)) ?? throw new SqlFunctionException($"Value cannot be cast to timestamp: {Text(value)}");

    // A date stays one.
    private static string Like(object? original, LocalDateTime time) =>
        PrestoTime.IsDate(Text(original)) && time.TimeOfDay == LocalTime.Midnight ? PrestoTime.FormatDate(time) : PrestoTime.Format(time);

    private static string FromUnixTime(double seconds, string? zone) => PrestoTime.Format(
        NodaConstants.UnixEpoch.Plus(Duration.FromMilliseconds(Math.Floor(seconds * 1000))).InZone(TdTimeZone.Get(zone)).LocalDateTime);

    private static long? Seconds(object? value) => value switch
    {
        null => null,
        long number => number,
        double number => (long)Math.Floor(number),
        _ => PrestoTime.Parse(Text(value)) is { } time ? time.InUtc().ToInstant().ToUnixTimeSeconds() : BigInt(value),
    };

    private static long? Bound(object? value, string? zone) => value is string text ? TdTimeFunctions.Bound(text, zone) : Seconds(value);

    private static string? ZoneText(object?[] arguments, int index) => index < arguments.Length && arguments[index] is not null ? Text(arguments[index]) : null;

    private static DateTimeZone Zone(object?[] arguments, int index) => TdTimeZone.Get(ZoneText(arguments, index));

    private static object? TimeRange(object?[] a)
    {
        var zone = ZoneText(a, 3);
        var end = a.Length > 2 ? a[2] : null;
        var (from, to) = (Bound(a[1], zone), Bound(end, zone));
        if (Seconds(a[0]) is not { } time || (from is null && a[1] is not null) || (to is null && end is not null))
        {
            return null;
        }

        return (from is null || time >= from) && (to is null || time < to) ? 1L : 0L;
    }

    private static object Interval(long time, string interval, string? zone, long now)
    {
        var (start, end) = TdInterval.Resolve(interval, TdTimeZone.Get(zone), Instant.FromUnixTimeSeconds(now));
        return time >= start && time < end ? 1L : 0L;
    }

    private static string? SplitPart(string text, string delimiter, long part)
    {
        var parts = text.Split(delimiter);
        return part < 1 ? throw new SqlFunctionException("Index must be greater than zero") : part <= parts.Length ? parts[part - 1] : null;
    }

    private static string Reverse(string text) => string.Concat(text.EnumerateRunes().Reverse().Select(r => r.ToString()));

    private static string Pad(string text, int length, string padding, bool isLeft)
    {
        if (text.Length >= length || padding.Length == 0)
        {
            return text.Length > length ? text[..Math.Max(length, 0)] : text;
        }

        var missing = length - text.Length;
        var fill = string.Concat(Enumerable.Repeat(padding, (missing / padding.Length) + 1))[..missing];
        return isLeft ? fill + text : text + fill;
    }

    // TD's function is MD5 by name; it protects nothing.
#pragma warning disable CA5351
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
