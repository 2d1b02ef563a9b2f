using System.Globalization;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>TD's functions in Trino's own. Its date patterns are Joda's, which the usual letters share with Java's.</summary>
internal static class TrinoCalls
{
    public static Dictionary<string, Func<SqlCall, List<SqlNode>?>> All() => new(StringComparer.Ordinal)
    {
        ["td_time_parse"] = c => c.Arguments.Count is 1 or 2
            ? c.Fill($"CAST(to_unixtime(with_timezone(CAST({{0}} AS timestamp), {Zone(c, 1)})) AS bigint)")
            : null,
        ["td_time_format"] = c => c.Arguments.Count is 2 or 3 ? c.Fill($"format_datetime(from_unixtime({{0}}, {Zone(c, 2)}), {{1}})") : null,
        ["td_time_string"] = TimeString,
        ["td_time_add"] = c => c.Arguments.Count is 2 or 3 && c.Constant(1) is { Text: { } duration }
            ? c.Fill(string.Create(CultureInfo.InvariantCulture, $"(({{0}}) + ({TimeUnits.Seconds(duration)}))"))
            : null,
        ["td_date_trunc"] = c => c.Arguments.Count is 2 or 3
            ? c.Fill($"CAST(to_unixtime(date_trunc(lower({{0}}), from_unixtime({{1}}, {Zone(c, 2)}))) AS bigint)")
            : null,
        ["td_time_range"] = c => c.Arguments.Count == 3 ? c.Fill("(({0}) >= ({1}) AND ({0}) < ({2}))") : null,
        ["td_first"] = c => ByOrder(c, "min_by"),
        ["td_last"] = c => ByOrder(c, "max_by"),
        ["td_avgif"] = c => c.Arguments.Count == 2 ? c.Fill("avg({0}) FILTER (WHERE {1})") : null,
        ["td_sumif"] = c => c.Arguments.Count == 2 ? c.Fill("CAST(sum({0}) FILTER (WHERE {1}) AS double)") : null,
        ["td_md5"] = c => c.Arguments.Count == 1 ? c.Fill("lower(to_hex(md5(to_utf8(CAST({0} AS varchar)))))") : null,
        ["td_url_decode"] = c => c.Arguments.Count == 1 ? c.Renamed("url_decode") : null,
        ["td_url_encode"] = c => c.Arguments.Count == 1 ? c.Renamed("url_encode") : null,
        ["td_divide"] = c => c.Arguments.Count == 2 ? c.Fill("(CASE WHEN ({1}) = 0 THEN 0e0 ELSE CAST({0} AS double) / ({1}) END)") : null,
        ["td_array_index"] = c => c.Arguments.Count == 2 ? c.Fill("element_at({0}, ({1}) + 1)") : null,
    };

    private static List<SqlNode>? TimeString(SqlCall call)
    {
        if (call.Arguments.Count is not (2 or 3) || call.Constant(1) is not { Text: { } specification } || TimeUnits.Of(specification) is not var (unit, pattern))
        {
            return null;
        }

        var offset = specification.EndsWith('!') ? string.Empty : "Z";
        if (offset.Length > 0 && IsUtc(call, 2))
        {
            offset = "''Z''";
        }

        return call.Fill($"format_datetime(date_trunc('{unit}', from_unixtime({{0}}, {Zone(call, 2)})), '{pattern}{offset}')");
    }

    // A zone in words that Trino knows: TD's abbreviations are fixed offsets.
    private static string Zone(SqlCall call, int argument)
    {
        if (argument < call.Arguments.Count && call.Constant(argument) is null)
        {
            return $"{{{argument}}}";
        }

        var zone = TdTimeZone.Get(call.Constant(argument)?.Text);
        var name = zone.MinOffset == zone.MaxOffset && zone.Id.StartsWith("UTC", StringComparison.Ordinal) && zone.MinOffset != NodaTime.Offset.Zero
            ? zone.MinOffset.ToString("+HH:mm", CultureInfo.InvariantCulture)
            : zone.Id;
        return SqlNames.Literal(name);
    }

    private static bool IsUtc(SqlCall call, int argument) =>
        argument >= call.Arguments.Count || (call.Constant(argument) is { } zone && TdTimeZone.Get(zone.Text) == NodaTime.DateTimeZone.Utc);

    private static List<SqlNode>? ByOrder(SqlCall call, string name)
    {
        if (call.Arguments.Count < 2)
        {
            return null;
        }

        var keys = string.Join(", ", Enumerable.Range(1, call.Arguments.Count - 1).Select(i => $"{{{i}}}"));
        return call.Fill(call.Arguments.Count == 2 ? $"{name}({{0}}, {keys})" : $"{name}({{0}}, ROW({keys}))");
    }
}
