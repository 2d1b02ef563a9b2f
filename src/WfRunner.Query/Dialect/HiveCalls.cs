using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Hive's functions with another name or meaning in Presto or DuckDB (operators-td 22.9).</summary>
internal static class HiveCalls
{
    // By name and number of arguments; times may be texts.
    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["collect_list/1"] = "array_agg({0}) FILTER (WHERE ({0}) IS NOT NULL)",
        ["collect_set/1"] = "array_agg(DISTINCT {0}) FILTER (WHERE ({0}) IS NOT NULL)",
        ["percentile/2"] = "quantile_cont({0}, {1})",
        ["percentile_approx/2"] = "quantile_cont({0}, {1})",
        ["percentile_approx/3"] = "quantile_cont({0}, {1})",
        ["size/1"] = "cardinality({0})",
        ["sort_array/1"] = "list_sort({0})",
        ["array_contains/2"] = "list_contains({0}, {1})",
        ["explode/1"] = "unnest({0})",
        ["str_to_map/1"] = "split_to_map({0}, ',', ':')",
        ["str_to_map/3"] = "split_to_map({0}, {1}, {2})",
        ["nvl/2"] = "coalesce({0}, {1})",
        ["isnull/1"] = "(({0}) IS NULL)",
        ["isnotnull/1"] = "(({0}) IS NOT NULL)",
        ["pmod/2"] = "(((({0}) % ({1})) + ({1})) % ({1}))",
        ["get_json_object/2"] = "json_extract_scalar({0}, {1})",
        ["md5/1"] = "system.main.md5(CAST({0} AS VARCHAR))",
        ["sha/1"] = "system.main.sha1(CAST({0} AS VARCHAR))",
        ["sha1/1"] = "system.main.sha1(CAST({0} AS VARCHAR))",
        ["split/2"] = "regexp_split({0}, {1})",
        ["concat_ws/2"] = "array_to_string({1}, {0})",
        ["repeat/2"] = "system.main.repeat({0}, {1})",
        ["space/1"] = "system.main.repeat(' ', {0})",
        ["locate/2"] = "instr({1}, {0})",
        ["regexp_extract/2"] = "regexp_extract({0}, {1}, 1)",
        ["initcap/1"] = "array_to_string(list_transform(string_split(lower({0}), ' '), lambda w: upper(w[1]) || w[2:]), ' ')",
        ["unix_timestamp/0"] = "CAST(epoch(now()) AS BIGINT)",
        ["unix_timestamp/1"] = "CAST(epoch(CAST({0} AS TIMESTAMP)) AS BIGINT)",
        ["unix_timestamp/2"] = "CAST(epoch(parse_datetime({0}, {1})) AS BIGINT)",
        ["from_unixtime/1"] = "td_time_format({0}, 'yyyy-MM-dd HH:mm:ss')",
        ["from_unixtime/2"] = "td_time_format({0}, {1})",
        ["to_date/1"] = "CAST(CAST({0} AS TIMESTAMP) AS DATE)",
        ["date_add/2"] = "CAST(CAST({0} AS DATE) + to_days(CAST({1} AS INTEGER)) AS DATE)",
        ["date_sub/2"] = "CAST(CAST({0} AS DATE) - to_days(CAST({1} AS INTEGER)) AS DATE)",
        ["datediff/2"] = "system.main.date_diff('day', CAST({1} AS DATE), CAST({0} AS DATE))",
        ["add_months/2"] = "CAST(CAST({0} AS DATE) + to_months(CAST({1} AS INTEGER)) AS DATE)",
        ["date_format/2"] = "format_datetime(CAST({0} AS TIMESTAMP), {1})",
    };

    private static readonly string[] PartsOfTimes = ["year", "quarter", "month", "day", "hour", "minute", "second", "weekofyear", "last_day"];

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        foreach (var name in Templates.Keys.Select(k => k.Split('/')[0]).Distinct(StringComparer.Ordinal))
        {
            rules[name] = c => Templates.TryGetValue(FormattableString.Invariant($"{c.Name}/{c.Arguments.Count}"), out var template) ? c.Fill(template) : null;
        }

        foreach (var name in PartsOfTimes)
        {
            rules[name] = c => c.Arguments.Count == 1 ? c.Fill($"{c.Name}(CAST({{0}} AS TIMESTAMP))") : null;
        }

        rules["array"] = c => c.Renamed("list_value");
        rules["map"] = c => c.Arguments.Count % 2 == 0 ? c.Fill($"map([{Every(c, 0)}], [{Every(c, 1)}])") : null;
        rules["named_struct"] = NamedStruct;
        rules["count"] = CountDistinct;
        rules["parse_url"] = ParseUrl;
        rules["sha2"] = c => c.Arguments.Count == 2 && c.Constant(1) is { Integer: 0 or 256 } ? c.Fill("system.main.sha256(CAST({0} AS VARCHAR))") : null;
        rules["td_x_rank"] = c => c.Arguments.Count > 0 ? c.Fill($"row_number() OVER (PARTITION BY {All(c)})") : null;
    }

    private static string All(SqlCall call) => string.Join(", ", Enumerable.Range(0, call.Arguments.Count).Select(i => $"{{{i}}}"));

    private static string Every(SqlCall call, int first) =>
        string.Join(", ", Enumerable.Range(0, call.Arguments.Count).Where(i => i % 2 == first).Select(i => $"{{{i}}}"));

    private static List<SqlNode>? NamedStruct(SqlCall call)
    {
        var names = Enumerable.Range(0, call.Arguments.Count).Where(i => i % 2 == 0).Select(i => call.Constant(i)?.Text).ToList();
        return call.Arguments.Count % 2 != 0 || names.Contains(null)
            ? null
            : call.Fill($"struct_pack({string.Join(", ", names.Select((n, i) => $"{SqlNames.Quote(n!)} := {{{(i * 2) + 1}}}"))})");
    }

    // count(DISTINCT a, b): combinations without a NULL
    private static List<SqlNode>? CountDistinct(SqlCall call)
    {
        var distinct = call.Arguments.Count < 2 ? -1 : SqlTree.Next(call.Arguments[0], 0);
        if (distinct < 0 || SqlTree.At(call.Arguments[0], distinct)?.IsWord("DISTINCT") != true)
        {
            return null;
        }

        List<SqlNode>[] columns = [call.Arguments[0][(distinct + 1)..], .. call.Arguments.Skip(1)];
        var known = string.Join(" AND ", columns.Select((_, i) => $"({{{i}}}) IS NOT NULL"));
        var all = string.Join(", ", columns.Select((_, i) => $"{{{i}}}"));
        return SqlTemplate.Fill($"count(DISTINCT CASE WHEN {known} THEN row({all}) END)", call.Offset, columns);
    }

    private static List<SqlNode>? ParseUrl(SqlCall call) => (call.Arguments.Count, call.Constant(1)?.Text) switch
    {
        (2, "HOST") => call.Fill("url_extract_host({0})"),
        (2, "PATH") => call.Fill("url_extract_path({0})"),
        (2, "QUERY") => call.Fill("url_extract_query({0})"),
        (2, "PROTOCOL") => call.Fill("url_extract_protocol({0})"),
        (2, "REF") => call.Fill("url_extract_fragment({0})"),
        (3, "QUERY") => call.Fill("url_extract_parameter({0}, {2})"),
        _ => null,
    };
}
