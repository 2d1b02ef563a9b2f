using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Aggregates with other names or shapes (operators-td 22.1). Renaming a call keeps <c>DISTINCT</c>, <c>FILTER</c> and <c>OVER</c>.
/// </summary>
internal static class AggregateCalls
{
    private static readonly string[] Unsupported =
    [
        "learn_classifier", "learn_regressor", "learn_libsvm_classifier", "learn_libsvm_regressor", "classify", "regress", "features",
        "make_set_digest", "merge_set_digest", "intersection_cardinality", "jaccard_index", "hash_counts",
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
        rules["bitwise_and_agg"] = c => c.Renamed("bit_and");
        rules["bitwise_or_agg"] = c => c.Renamed("bit_or");
        rules["bitwise_xor_agg"] = c => c.Renamed("bit_xor");
        rules["listagg"] = ListAgg;
        rules["numeric_histogram"] = c => c.Arguments.Count is 2 ? c.Fill("numeric_histogram_of({0}, list({1}))") : null;

        // The values themselves are the best digest of them.
        rules["tdigest_agg"] = c => c.Arguments.Count is 1 ? c.Fill("list(CAST({0} AS DOUBLE))") : null;
        rules["qdigest_agg"] = c => c.Arguments.Count is 1 ? c.Renamed("list") : null;
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

    // The exact quantile is as good an approximation as there is. A weight counts a value so many times; an accuracy may come last.
    private static List<SqlNode>? Percentile(SqlCall call) => (call.Arguments.Count, call.Arguments.Count > 2 && IsShare(call.Arguments[1])) switch
    {
        (2, _) => call.Renamed("quantile_disc"),
        (3, true) => call.Fill("quantile_disc({0}, {1})"),
        (3 or 4, false) => call.Fill("list_aggregate(flatten(list(list_transform(range({1}), lambda wf_i: {0}))), 'quantile_disc', {2})"),
        _ => null,
    };

    // 0.5, 5e-1, ARRAY[0.5, 0.9]: a weight is a column or a whole number.
    private static bool IsShare(List<SqlNode> argument) => SqlTree.Significant(argument) switch
    {
        [SqlLeaf { Token: { Kind: SqlTokenKind.Number } number }] => number.Text.AsSpan().ContainsAny('.', 'e', 'E'),
        [var array, SqlGroup { Open.Text: "[" }] => array.IsWord("ARRAY"),
        _ => false,
    };

    // listagg(x, ',' ON OVERFLOW …): nothing overflows here.
    private static List<SqlNode>? ListAgg(SqlCall call)
    {
        var nodes = call.Group.Children;
        var on = nodes.FindIndex(n => n.IsWord("ON"));
        if (on > 0)
        {
            nodes = nodes[..on];
        }

        return SqlTree.SplitAtCommas(nodes).Count == 1
            ? [SqlLeaf.Generated("string_agg", call.Offset), call.Group.With([.. nodes, SqlLeaf.Generated(", ''", call.Offset)])]
            : [SqlLeaf.Generated("string_agg", call.Offset), call.Group.With(nodes)];
    }

    // The exact counts of the most frequent values, the most frequent first; the third argument only bounds memory.
    private static List<SqlNode>? MostFrequent(SqlCall call) => call.Arguments.Count is 2 or 3
        ? call.Fill(
            "map_from_entries(list_transform(list_reverse_sort(list_transform(system.main.map_entries(histogram({1})), lambda wf_e: row(wf_e.value, wf_e.key)))[1:{0}], "
            + "lambda wf_e: row(wf_e[2], wf_e[1])))")
        : null;

    // Presto leaves NULL keys out, and keeps one value of a key that comes twice, which DuckDB refuses.
    private static List<SqlNode>? MapAgg(SqlCall call)
    {
        if (call.Arguments.Count != 2)
        {
            return null;
        }

        const string Entries = "wf_map(list(struct_pack(k := {0}, v := {1})) FILTER (WHERE ({0}) IS NOT NULL";
        call.TakesClause = call.Filter is not null || call.Over is not null;
        var condition = call.Filter is { } filter ? filter.Children[(SqlTree.Next(filter.Children, 0) + 1)..] : [];
        return SqlTemplate.Fill(
            (call.Filter, call.Over) switch
            {
                (not null, _) => Entries + " AND ({2})))",
                (_, not null) => Entries + ") OVER {3})",
                _ => Entries + "))",
            },
            call.Offset,
            [.. call.Arguments, condition, call.Over is { } over ? [over] : []]);
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
