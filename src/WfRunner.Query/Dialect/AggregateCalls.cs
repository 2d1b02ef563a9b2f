using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Aggregates with other names or shapes (operators-td 22.1). Renaming a call keeps <c>DISTINCT</c>, <c>FILTER</c> and <c>OVER</c>.
/// </summary>
internal static class AggregateCalls
{
    private static readonly string[] Unsupported =
    [
        "numeric_histogram", "reduce_agg", "approx_set", "merge", "qdigest_agg", "tdigest_agg", "approx_most_frequent", "map_union",
        "multimap_from_entries", "combinations", "word_stem", "soundex", "parse_duration", "checksum", "td_approx_most_frequent",
    ];

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["approx_distinct"] = c => c.Arguments.Count > 0 ? SqlTemplate.Fill("approx_count_distinct({0})", c.Offset, c.Arguments[0]) : null;
        rules["approx_percentile"] = Percentile;
        rules["every"] = c => c.Renamed("bool_and");
        rules["max_by"] = c => c.Arguments.Count == 2 ? c.Renamed("arg_max_null") : null;
        rules["min_by"] = c => c.Arguments.Count == 2 ? c.Renamed("arg_min_null") : null;
        rules["arbitrary"] = c => c.Renamed("any_value");
        rules["set_agg"] = c => c.Fill("array_agg(DISTINCT {0})");
        rules["map_agg"] = MapAgg;
        rules["multimap_agg"] = c => c.Arguments.Count == 2 ? c.Fill("wf_multimap(list(struct_pack(k := {0}, v := {1})))") : null;
        rules["td_first"] = c => ByOrder(c, "arg_min_null");
        rules["td_last"] = c => ByOrder(c, "arg_max_null");
        rules["td_avgif"] = c => c.Arguments.Count == 2 ? c.Fill("avg({0}) FILTER (WHERE {1})") : null;
        rules["td_sumif"] = c => c.Arguments.Count == 2 ? c.Fill("CAST(sum({0}) FILTER (WHERE {1}) AS DOUBLE)") : null;
        foreach (var name in Unsupported)
        {
            rules[name] = c => throw new QueryFailedException($"Presto function '{c.Name}' is not supported in local mode");
        }
    }

    // The exact quantile is as good an approximation as there is; the weighted form has no counterpart.
    private static List<SqlNode>? Percentile(SqlCall call) => call.Arguments.Count == 2 ? call.Renamed("quantile_disc") : null;

    // Presto leaves NULL keys out.
    private static List<SqlNode>? MapAgg(SqlCall call)
    {
        if (call.Arguments.Count != 2 || call.Over is not null)
        {
            return null;
        }

        if (call.Filter is null)
        {
            return call.Fill("map_from_entries(list(row({0}, {1})) FILTER (WHERE ({0}) IS NOT NULL))");
        }

        call.TakesClause = true;
        var condition = call.Filter.Children[(SqlTree.Next(call.Filter.Children, 0) + 1)..];
        return SqlTemplate.Fill(
            "map_from_entries(list(row({0}, {1})) FILTER (WHERE ({0}) IS NOT NULL AND ({2})))",
            call.Offset,
            [.. call.Arguments, condition]);
    }

    private static List<SqlNode>? ByOrder(SqlCall call, string name)
    {
        if (call.Arguments.Count < 2)
        {
            return null;
        }

        var keys = string.Join(", ", Enumerable.Range(1, call.Arguments.Count - 1).Select(i => $"{{{i}}}"));
        return call.Fill(call.Arguments.Count == 2 ? $"{name}({{0}}, {keys})" : $"{name}({{0}}, row({keys}))");
    }
}
