using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Aggregates with other names or shapes (operators-td 22.1). Renaming a call keeps <c>DISTINCT</c>, <c>FILTER</c> and <c>OVER</c>.
/// </summary>
internal static class AggregateCalls
{
    private static readonly string[] Unsupported =
    [
        "numeric_histogram", "reduce_agg", "qdigest_agg", "tdigest_agg", "multimap_from_entries", "combinations", "word_stem", "soundex",
        "parse_duration",
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
        rules["map_union"] = c => c.Arguments.Count == 1 ? c.Fill("list_reduce(list({0}), lambda wf_a, wf_b: map_concat(wf_a, wf_b))") : null;
        rules["approx_most_frequent"] = MostFrequent;
        rules["td_approx_most_frequent"] = MostFrequent;

        // The set itself is the best sketch of it; cardinality() counts it.
        rules["approx_set"] = c => c.Fill("list(DISTINCT {0})");
        rules["merge"] = c => c.Arguments.Count == 1 ? c.Fill("list_distinct(flatten(list({0})))") : null;
        rules["empty_approx_set"] = c => c.Fill("[]");

        // Independent of the order as Presto's, but another number.
        rules["checksum"] = c => c.Arguments.Count == 1 ? c.Fill("encode(CAST(bit_xor(hash({0})) AS VARCHAR))") : null;
        rules["td_first"] = c => ByOrder(c, "arg_min_null");
        rules["td_last"] = c => ByOrder(c, "arg_max_null");
        rules["td_avgif"] = c => c.Arguments.Count == 2 ? c.Fill("avg({0}) FILTER (WHERE {1})") : null;
        rules["td_sumif"] = c => c.Arguments.Count == 2 ? c.Fill("CAST(sum({0}) FILTER (WHERE {1}) AS DOUBLE)") : null;
        foreach (var name in Unsupported)
        {
            rules[name] = c => throw new QueryFailedException($"Presto function '{c.Name}' is not supported in local mode");
        }
    }

    // The exact quantile is as good an approximation as there is. A weight counts a value so many times.
    private static List<SqlNode>? Percentile(SqlCall call) => call.Arguments.Count switch
    {
        2 => call.Renamed("quantile_disc"),
        3 => call.Fill("list_aggregate(flatten(list(list_transform(range({1}), lambda wf_i: {0}))), 'quantile_disc', {2})"),
        _ => null,
    };

    // The exact counts of the most frequent values, the most frequent first; the third argument only bounds memory.
    private static List<SqlNode>? MostFrequent(SqlCall call) => call.Arguments.Count is 2 or 3
        ? call.Fill(
            "map_from_entries(list_transform(list_reverse_sort(list_transform(map_entries(histogram({1})), lambda wf_e: row(wf_e.value, wf_e.key)))[1:{0}], "
            + "lambda wf_e: row(wf_e[2], wf_e[1])))")
        : null;

    // Presto leaves NULL keys out.
    private static List<SqlNode>? MapAgg(SqlCall call)
    {
        if (call.Arguments.Count != 2 || call.Over is not null)
        {
            return null;
        }

        if (call.Filter is null)
        {
            return call.Fill(UniqueKeys("({0}) IS NOT NULL"));
        }

        call.TakesClause = true;
        var condition = call.Filter.Children[(SqlTree.Next(call.Filter.Children, 0) + 1)..];
        return SqlTemplate.Fill(UniqueKeys("({0}) IS NOT NULL AND ({2})"), call.Offset, [.. call.Arguments, condition]);
    }

    // DuckDB refuses a key that comes twice, Presto keeps one of its values; making maps one by one is slow, so only then.
    private static string UniqueKeys(string condition) =>
        $"CASE WHEN count({{0}}) FILTER (WHERE {condition}) = count(DISTINCT {{0}}) FILTER (WHERE {condition}) "
        + $"THEN map_from_entries(list(row({{0}}, {{1}})) FILTER (WHERE {condition})) "
        + $"ELSE list_reduce(list(CASE WHEN ({{0}}) IS NOT NULL THEN map([{{0}}], [{{1}}]) END) FILTER (WHERE {condition}), lambda wf_a, wf_b: map_concat(wf_a, wf_b)) END";

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
