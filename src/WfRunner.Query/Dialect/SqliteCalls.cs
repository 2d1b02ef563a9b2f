using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Presto's functions whose call SQLite writes differently. Names that only differ are functions of ours.</summary>
internal static class SqliteCalls
{
    private static readonly string[] Unsupported =
    [
        "transform", "filter", "reduce", "any_match", "all_match", "none_match", "map", "map_agg", "map_keys", "map_values", "histogram",
        "array_distinct", "array_join", "element_at", "sequence", "unnest", "approx_percentile", "split", "try",
    ];

    private static readonly HashSet<string> OwnTreasureData =
        new(StringComparer.Ordinal) { "td_time_format", "td_time_string", "td_md5", "td_url_decode", "td_url_encode" };

    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["if/2"] = "CASE WHEN {0} THEN {1} END",
        ["if/3"] = "CASE WHEN {0} THEN {1} ELSE {2} END",
        ["approx_distinct/1"] = "count(DISTINCT {0})",
        ["approx_distinct/2"] = "count(DISTINCT {0})",
        ["count_if/1"] = "count(*) FILTER (WHERE {0})",
        ["arbitrary/1"] = "max({0})",
        ["any_value/1"] = "max({0})",
        ["bool_and/1"] = "min({0})",
        ["every/1"] = "min({0})",
        ["bool_or/1"] = "max({0})",
        ["strpos/2"] = "instr({0}, {1})",
        ["chr/1"] = "char({0})",
        ["codepoint/1"] = "unicode({0})",
        ["replace/2"] = "replace({0}, {1}, '')",
        ["bitwise_and/2"] = "(({0}) & ({1}))",
        ["bitwise_or/2"] = "(({0}) | ({1}))",
        ["bitwise_not/1"] = "(~({0}))",
        ["infinity/0"] = "9e999",
        ["json_parse/1"] = "json({0})",
        ["json_format/1"] = "json({0})",
        ["date/1"] = "wf_date({0})",
        ["rand/0"] = "((random() + 9223372036854775808.0) / 18446744073709551616.0)",
        ["random/0"] = "((random() + 9223372036854775808.0) / 18446744073709551616.0)",
        ["rand/1"] = "abs(random() % ({0}))",
        ["random/1"] = "abs(random() % ({0}))",
        ["now/0"] = "strftime('%Y-%m-%d %H:%M:%f UTC', 'now')",
        ["td_avgif/2"] = "avg({0}) FILTER (WHERE {1})",
        ["td_sumif/2"] = "CAST(sum({0}) FILTER (WHERE {1}) AS REAL)",
        ["td_divide/2"] = "(CASE WHEN ({1}) = 0 THEN 0.0 ELSE CAST({0} AS REAL) / ({1}) END)",
        ["year/1"] = Part("%Y"),
        ["month/1"] = Part("%m"),
        ["day/1"] = Part("%d"),
        ["day_of_month/1"] = Part("%d"),
        ["hour/1"] = Part("%H"),
        ["minute/1"] = Part("%M"),
        ["second/1"] = Part("%S"),
        ["day_of_year/1"] = Part("%j"),
        ["doy/1"] = Part("%j"),
        ["day_of_week/1"] = "((CAST(strftime('%w', substr({0}, 1, 23)) AS INTEGER) + 6) % 7 + 1)",
        ["dow/1"] = "((CAST(strftime('%w', substr({0}, 1, 23)) AS INTEGER) + 6) % 7 + 1)",
    };

    /// <summary>Whether a function of Treasure Data is one of ours on SQLite.</summary>
    public static bool HasFunction(string name) => OwnTreasureData.Contains(name);

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        foreach (var name in Templates.Keys.Select(k => k.Split('/')[0]).Distinct(StringComparer.Ordinal))
        {
            rules[name] = c => Templates.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{c.Name}/{c.Arguments.Count}"), out var template)
                ? c.Fill(template)
                : null;
        }

        rules["cast"] = Cast;
        rules["try_cast"] = Cast;
        rules["concat"] = c => c.Arguments.Count < 2
            ? null
            : c.Fill("(" + string.Join(" || ", Enumerable.Range(0, c.Arguments.Count).Select(i => $"({{{i}}})")) + ")");
        rules["greatest"] = c => c.Arguments.Count > 1 ? c.Renamed("max") : null;
        rules["least"] = c => c.Arguments.Count > 1 ? c.Renamed("min") : null;
        rules["max_by"] = c => ByOrder(c, "DESC");
        rules["min_by"] = c => ByOrder(c, "ASC");
        rules["array_agg"] = c => c.Renamed("json_group_array");
        foreach (var name in Unsupported)
        {
            rules[name] = c => throw new QueryFailedException($"Presto function '{c.Name}' is not supported on SQLite");
        }
    }

    /// <summary>TD's functions over columns, which are functions of ours.</summary>
    public static Dictionary<string, Func<SqlCall, List<SqlNode>?>> TreasureData(DialectSettings settings) => new(StringComparer.Ordinal)
    {
        ["td_time_parse"] = c => c.Renamed("wf_td_time_parse"),
        ["td_time_add"] = c => c.Renamed("wf_td_time_add"),
        ["td_date_trunc"] = c => c.Renamed("wf_td_date_trunc"),
        ["td_time_range"] = c => c.Renamed("wf_td_time_range"),
        ["td_interval"] = c => c.Arguments.Count switch
        {
            2 => c.Fill(string.Create(CultureInfo.InvariantCulture, $"wf_td_interval({{0}}, {{1}}, NULL, {settings.ScheduledTime})")),
            3 => c.Fill(string.Create(CultureInfo.InvariantCulture, $"wf_td_interval({{0}}, {{1}}, {{2}}, {settings.ScheduledTime})")),
            _ => null,
        },
        ["td_first"] = c => ByOrder(c, "ASC"),
        ["td_last"] = c => ByOrder(c, "DESC"),
    };

    private static string Part(string field) => $"CAST(strftime('{field}', substr({{0}}, 1, 23)) AS INTEGER)";

    // The value of the row with the smallest or largest key; keys that are NULL come last.
    private static List<SqlNode>? ByOrder(SqlCall call, string direction) => call.Arguments.Count != 2
        ? null
        : call.Fill($"(json_group_array({{0}} ORDER BY ({{1}}) IS NULL, {{1}} {direction}) ->> 0)");

    // A type that SQLite does not know would make a number of a time.
    private static List<SqlNode>? Cast(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        var type = at < 0 ? [] : SqlTree.Significant(nodes[(at + 1)..]);
        if (type.Count == 0)
        {
            return null;
        }

        var value = nodes[..at];
        return type[0] switch
        {
            var t when t.IsWord("varchar") || t.IsWord("char") => SqlTemplate.Fill("wf_varchar({0})", call.Offset, value),
            var t when t.IsWord("date") => SqlTemplate.Fill("wf_date({0})", call.Offset, value),
            var t when t.IsWord("timestamp") => SqlTemplate.Fill("wf_timestamp({0})", call.Offset, value),
            var t when t.IsWord("json") => SqlTemplate.Fill("json_quote({0})", call.Offset, value),
            var t when t.IsWord("boolean") => SqlTemplate.Fill("wf_boolean({0})", call.Offset, value),
            var t when t.IsWord("bigint") || t.IsWord("integer") || t.IsWord("int") || t.IsWord("smallint") || t.IsWord("tinyint") =>
                SqlTemplate.Fill(call.Name == "cast" ? "wf_bigint({0})" : "wf_try_bigint({0})", call.Offset, value),
            var t when t.IsWord("double") || t.IsWord("real") =>
                SqlTemplate.Fill(call.Name == "cast" ? "wf_double({0})" : "wf_try_double({0})", call.Offset, value),
            var t when t.IsWord("array") || t.IsWord("map") || t.IsWord("row") =>
                throw new QueryFailedException($"the type {((SqlLeaf)t).Token.Text} is not supported on SQLite"),
            _ => call.Name == "cast" ? null : [SqlLeaf.Generated("CAST", call.Offset), call.Group],
        };
    }
}
