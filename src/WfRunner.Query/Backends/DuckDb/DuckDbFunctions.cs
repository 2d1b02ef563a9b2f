using System.Collections.Frozen;
using DuckDB.NET.Native;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Query.Functions;
using static DuckDB.NET.Native.DuckDBType;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The functions in C# that DuckDB gets, under names of our own where it has a function of that name with another meaning. The
/// names users write are macros over these (<see cref="DuckDbMacros"/>).
/// </summary>
internal static class DuckDbFunctions
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>All functions by name.</summary>
    public static FrozenDictionary<string, DuckDbFunction> ByName { get; } =
        ((IEnumerable<DuckDbFunction>)[.. Time(), .. PrestoTime(), .. Text()]).ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    private static IEnumerable<DuckDbFunction> Time() =>
    [
        new("wf_td_time_range", DuckDBType.Boolean, TimeRange, Any, Any, Any, Varchar),
        new("wf_td_time_parse", BigInt, a => a.Text(0) is { } t ? TdTimeFunctions.Bound(t, a.Text(1)) : null, Varchar, Varchar),
        new(
            "wf_td_time_format",
            Varchar,
            a => a.Seconds(0) is { } t && a.Text(1) is { } f ? JavaDatePattern.Get(f).Format(t, TdTimeZone.Get(a.Text(2))) : null,
            Any,
            Varchar,
            Varchar),
        new(
            "wf_td_time_string",
            Varchar,
            a => a.Seconds(0) is { } t && a.Text(1) is { } unit ? TdTimeFunctions.TimeString(t, unit, a.Text(2)) : null,
            Any,
            Varchar,
            Varchar),
        new(
            "wf_td_time_add",
            BigInt,
            a => Bound(a, 0, a.Text(2)) is { } t && a.Text(1) is { } duration ? TdTimeFunctions.TimeAdd(t, duration) : null,
            Any,
            Varchar,
            Varchar),
        new(
            "wf_td_date_trunc",
            BigInt,
            a => a.Text(0) is { } unit && a.Seconds(1) is { } t ? TdTimeFunctions.DateTrunc(unit, t, a.Text(2)) : null,
            Varchar,
            Any,
            Varchar),
        new("wf_td_interval", DuckDBType.Boolean, Interval, Any, Varchar, Varchar, BigInt),
        DuckDbFunction.OfList("wf_td_interval_range", BigInt, IntervalRange, Varchar, Varchar, BigInt),
        new("wf_sessionize", Varchar, Sessionize, Any, Any, Any),
    ];

    private static IEnumerable<DuckDbFunction> PrestoTime() =>
    [
        new("wf_from_unixtime", BigInt, a => a.Number(0) is { } t ? LocalMicroseconds((long)(t * MicrosecondsPerSecond), a.Text(1)) : null, Any, Varchar),
        new("wf_at_timezone", BigInt, a => a.LocalMicroseconds(0) is { } t ? LocalMicroseconds(t, a.Text(1)) : null, Any, Varchar),
        new("wf_date_format", Varchar, a => a.LocalMicroseconds(0) is { } t && a.Text(1) is { } f ? MySqlDateFormat.Format(ToLocal(t), f) : null, Any, Varchar),
        new("wf_format_datetime", Varchar, a => a.LocalMicroseconds(0) is { } t && a.Text(1) is { } f ? JavaDatePattern.Get(f).Format(ToLocal(t).InUtc()) : null, Any, Varchar),
        new("wf_iso_date", Varchar, a => a.Text(0) is { } t ? Functions.PrestoTime.IsoDate(t) : null, Varchar),
        new("wf_parse_datetime", BigInt, a => a.Text(0) is { } t && a.Text(1) is { } f ? FromLocal(JodaDateParser.Parse(t, f)) : null, Varchar, Varchar),
        new("wf_date_parse", BigInt, a => a.Text(0) is { } t && a.Text(1) is { } f ? FromLocal(MySqlDateFormat.Parse(t, f)) : null, Varchar, Varchar),
    ];

    private static IEnumerable<DuckDbFunction> Text() =>
    [
        new("wf_json_extract_scalar", Varchar, a => a.Text(0) is { } j && a.Text(1) is { } p ? JsonPath.ExtractScalar(j, p) : null, Any, Varchar),
        new("wf_json_extract", Varchar, a => a.Text(0) is { } j && a.Text(1) is { } p ? JsonPath.Extract(j, p) : null, Any, Varchar),
        new("wf_json_extract_all", Varchar, a => a.Text(0) is { } j && a.Text(1) is { } p ? JsonPath.ExtractAll(j, p) : null, Any, Varchar),
        new("json_size", BigInt, a => a.Text(0) is { } j && a.Text(1) is { } p ? JsonPath.Size(j, p) : null, Any, Varchar),
        new("regexp_like", DuckDBType.Boolean, a => Both(a) is var (t, p) ? JavaRegex.Like(t, p) : null, Varchar, Varchar),
        new("wf_regexp_extract", Varchar, a => Both(a) is var (t, p) && a.Seconds(2) is { } g ? JavaRegex.Extract(t, p, g) : null, Varchar, Varchar, BigInt),
        new("wf_regexp_replace", Varchar, a => Both(a) is var (t, p) && a.Text(2) is { } r ? JavaRegex.Replace(t, p, r) : null, Varchar, Varchar, Varchar),
        new("regexp_count", BigInt, a => Both(a) is var (t, p) ? JavaRegex.Count(t, p) : null, Varchar, Varchar),
        DuckDbFunction.OfList(
            "wf_regexp_extract_all", Varchar, a => Both(a) is var (t, p) && a.Seconds(2) is { } g ? JavaRegex.ExtractAll(t, p, g) : null, Varchar, Varchar, BigInt),
        DuckDbFunction.OfList("regexp_split", Varchar, a => Both(a) is var (t, p) ? JavaRegex.Split(t, p) : null, Varchar, Varchar),
        new("wf_regexp_position", BigInt, a => Both(a) is var (t, p) && a.Seconds(2) is { } at && a.Seconds(3) is { } n ? JavaRegex.Position(t, p, at, n) : null, Varchar, Varchar, BigInt, BigInt),
        DuckDbFunction.OfList("wf_regexp_pieces", Varchar, a => Both(a) is var (t, p) ? JavaRegex.Pieces(t, p) : null, Varchar, Varchar),
        new("wf_hmac", Varchar, a => Both(a) is var (name, hex) && a.Text(2) is { } key ? Hashes.Keyed(name, Convert.FromHexString(hex), Convert.FromHexString(key)) : null, Varchar, Varchar, Varchar),
        new("wf_hash", Varchar, a => Both(a) is var (name, hex) ? Hashes.Compute(name, Convert.FromHexString(hex)) : null, Varchar, Varchar),
        DuckDbFunction.OfList("wf_split", Varchar, a => Both(a) is var (t, d) && a.Seconds(2) is { } n ? TextParts.Split(t, d, n) : null, Varchar, Varchar, BigInt),
        new("wf_split_to_map", Varchar, a => Both(a) is var (t, d) && a.Text(2) is { } k ? TextParts.SplitToMap(t, d, k) : null, Varchar, Varchar, Varchar),
        new("wf_split_to_multimap", Varchar, a => Both(a) is var (t, d) && a.Text(2) is { } k ? TextParts.SplitToMultimap(t, d, k) : null, Varchar, Varchar, Varchar),
        new("wf_strpos", BigInt, a => Both(a) is var (t, part) && a.Seconds(2) is { } n ? TextParts.Position(t, part, n) : null, Varchar, Varchar, BigInt),
        new("wf_from_utf8", Varchar, a => Both(a) is var (hex, r) ? TextParts.FromUtf8(Convert.FromHexString(hex), r) : null, Varchar, Varchar),
        new("wf_luhn_check", DuckDBType.Boolean, a => a.Text(0) is { } t ? TextParts.LuhnCheck(t) : null, Varchar),
        new("wf_soundex", Varchar, a => a.Text(0) is { } t ? Soundex.Of(t) : null, Varchar),
        new("wf_word_stem", Varchar, a => Both(a) is var (t, language) ? WordStem.Of(t, language) : null, Varchar, Varchar),
        new("wf_format_number", Varchar, a => a.Number(0) is { } n ? Quantities.FormatNumber(n) : null, Any),
        new("wf_parse_data_size", Varchar, a => a.Text(0) is { } t ? Quantities.ParseDataSize(t) : null, Varchar),
        new("wf_parse_duration", BigInt, a => a.Text(0) is { } t ? Quantities.ParseDuration(t) : null, Varchar),
        new("wf_typeof", Varchar, a => a.TypeName(0), Any),
        new("wf_normal_cdf", DuckDBType.Double, a => a.Number(0) is { } x ? NormalDistribution.Cdf(x) : null, Any),
        new("wf_inverse_normal_cdf", DuckDBType.Double, a => a.Number(0) is { } p ? NormalDistribution.Inverse(p) : null, Any),
        new("wf_numeric_histogram", Varchar, a => a.Seconds(0) is { } n && !a.IsNull(1) ? NumericHistogram.Of(n, a.ListOfNumbers(1)) : null, BigInt, Any),
        DuckDbFunction.OfList("wf_combinations", BigInt, a => a.Seconds(0) is { } length && a.Seconds(1) is { } n ? Combinations.Of(length, n) : null, BigInt, BigInt),
        new("wf_to_base", Varchar, a => a.Seconds(0) is { } n && a.Seconds(1) is { } radix ? TextParts.ToBase(n, radix) : null, BigInt, BigInt),
        new("wf_from_base", BigInt, a => a.Text(0) is { } t && a.Seconds(1) is { } radix ? TextParts.FromBase(t, radix) : null, Varchar, BigInt),
        new("wf_human_readable_seconds", Varchar, a => a.Seconds(0) is { } n ? TextParts.HumanReadableSeconds(n) : null, Any),
        new("wf_format", Varchar, a => Both(a) is var (f, values) ? JavaFormat.Format(f, TextsOf(values)) : null, Varchar, Varchar),
        new("wf_width_forms", Varchar, a => a.Text(0) is { } t ? WidthForms.Replace(t) : null, Varchar),
        new("wf_from_big_endian_64", BigInt, a => a.Text(0) is { } hex ? Hashes.FromBigEndian(hex) : null, Varchar),
        new("wf_parse_agent", Varchar, a => UserAgent.Of(a.Text(0)).ToMapJson(), Varchar),
        new("wf_parse_user_agent", Varchar, a => a.Text(0) is { } t ? UserAgent.Of(t).Describe(a.Text(1) ?? string.Empty) : null, Varchar, Varchar),
        new("wf_url_extract", Varchar, a => Both(a) is var (u, part) ? UrlParts.Extract(u, part) : null, Varchar, Varchar),
        new("url_extract_parameter", Varchar, a => Both(a) is var (u, name) ? UrlParts.Parameter(u, name) : null, Varchar, Varchar),
        new("wf_url_decode", Varchar, a => a.Text(0) is { } t ? System.Net.WebUtility.UrlDecode(t) : null, Varchar),
        new("wf_url_encode", Varchar, a => a.Text(0) is { } t ? System.Net.WebUtility.UrlEncode(t) : null, Varchar),
    ];

    private static (string First, string Second)? Both(DuckDbFunction.Arguments a) => a.Text(0) is { } first && a.Text(1) is { } second ? (first, second) : null;

    private static List<string?> TextsOf(string json) =>
        [.. ((ConfigList)ConfigJson.Parse(json)).Items.Select(v => v.IsNull ? null : ConfigAccess.AsString("value", v))];

    // Text is a time in words, everything else unix seconds.
    private static long? Bound(DuckDbFunction.Arguments a, int index, string? zone) =>
        a.IsText(index) ? (a.Text(index) is { } text ? TdTimeFunctions.Bound(text, zone) : null) : a.Seconds(index);

    private static object? TimeRange(DuckDbFunction.Arguments a)
    {
        var zone = a.Text(3);
        _ = TdTimeZone.Get(zone);
        if (a.Seconds(0) is not { } time)
        {
            return null;
        }

        var start = Bound(a, 1, zone);
        var end = Bound(a, 2, zone);
        if ((start is null && !a.IsNull(1)) || (end is null && !a.IsNull(2)))
        {
            return null;
        }

        return (start is null || time >= start) && (end is null || time < end);
    }

    private static object? Interval(DuckDbFunction.Arguments a)
    {
        if (a.Seconds(0) is not { } time || Window(a, 1) is not var (start, end))
        {
            return null;
        }

        return time >= start && time < end;
    }

    private static object? IntervalRange(DuckDbFunction.Arguments a) => Window(a, 0) is var (start, end) ? new List<long> { start, end } : null;

    private static (long Start, long End)? Window(DuckDbFunction.Arguments a, int index) =>
        a.Text(index) is { } interval && a.Seconds(index + 2) is { } now
            ? TdInterval.Resolve(interval, TdTimeZone.Get(a.Text(index + 1)), Instant.FromUnixTimeSeconds(now))
            : null;

    private static object? Sessionize(DuckDbFunction.Arguments a)
    {
        if (a.IsNull(0) || a.Seconds(1) is not { } timeout || a.ListOfSeconds(0) is not { Count: > 0 } times)
        {
            return null;
        }

        return TdSession.IdOf(times, timeout, a.Text(2) ?? string.Empty);
    }

    private static LocalDateTime ToLocal(long microseconds) =>
        new LocalDateTime(1970, 1, 1, 0, 0).PlusDays((int)Math.Floor(microseconds / 86_400e6))
            .PlusTicks((microseconds - ((long)Math.Floor(microseconds / 86_400e6) * 86_400 * MicrosecondsPerSecond)) * 10);

    private static long FromLocal(LocalDateTime at) =>
        at.InUtc().ToInstant().ToUnixTimeTicks() / 10;

    // The wall clock of a zone at an instant, as microseconds on that clock.
    private static object LocalMicroseconds(long microseconds, string? zone)
    {
        var offset = TdTimeZone.Get(zone).GetUtcOffset(Instant.FromUnixTimeTicks(microseconds * 10));
        return microseconds + (offset.Seconds * MicrosecondsPerSecond);
    }
}
