using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Functions that take lambdas (operators-td 22.7).</summary>
internal static class LambdaCalls
{
    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["transform"] = c => c.Renamed("list_transform");
        rules["filter"] = c => c.Renamed("list_filter");
        rules["reduce"] = Reduce;
        rules["any_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) > 0)") : null;
        rules["none_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) = 0)") : null;
        rules["all_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) = len({0}))") : null;
        rules["zip_with"] = ZipWith;
        rules["repeat"] = c => c.Arguments.Count == 2 ? c.Fill("list_transform(range({1}), lambda wf_i: {0})") : null;
        rules["array_sort"] = c => c.Arguments.Count == 2
            ? throw new QueryFailedException("Presto function 'array_sort' with a comparison is not supported in local mode")
            : null;
        rules["map_filter"] = c => OverEntries(c, "map_from_entries(list_filter(map_entries({0}), lambda wf_e: {1}))");
        rules["transform_values"] = c =>
            OverEntries(c, "map_from_entries(list_transform(map_entries({0}), lambda wf_e: row(wf_e.key, {1})))");
        rules["transform_keys"] = c =>
            OverEntries(c, "map_from_entries(list_transform(map_entries({0}), lambda wf_e: row({1}, wf_e.value)))");
    }

    // reduce(a, init, (s, x) -> e, s -> r): the last lambda shapes the result.
    private static List<SqlNode>? Reduce(SqlCall call)
    {
        if (call.Arguments.Count != 4 || !Lambdas.TryRead(call.Arguments[3], out var parameters, out var output) || parameters.Count != 1)
        {
            return null;
        }

        var reduced = call.Fill("list_reduce({0}, {2}, {1})");
        return [SqlLeaf.Generated("(", call.Offset), .. Substitute(output, (parameters[0], reduced)), SqlLeaf.Generated(")", call.Offset)];
    }

    // The shorter list counts as filled up with NULL.
    private static List<SqlNode>? ZipWith(SqlCall call)
    {
        if (call.Arguments.Count != 3 || !Lambdas.TryRead(call.Arguments[2], out var parameters, out var body) || parameters.Count != 2)
        {
            return null;
        }

        var inside = Substitute(
            body,
            (parameters[0], [SqlLeaf.Generated("wf_p[1]", call.Offset)]),
            (parameters[1], [SqlLeaf.Generated("wf_p[2]", call.Offset)]));
        return SqlTemplate.Fill("list_transform(list_zip({0}, {1}), lambda wf_p: {2})", call.Offset, call.Arguments[0], call.Arguments[1], inside);
    }

    private static List<SqlNode>? OverEntries(SqlCall call, string template)
    {
        if (call.Arguments.Count != 2 || !Lambdas.TryRead(call.Arguments[1], out var parameters, out var body) || parameters.Count != 2)
        {
            return null;
        }

        var inside = Substitute(
            body,
            (parameters[0], [SqlLeaf.Generated("wf_e.key", call.Offset)]),
            (parameters[1], [SqlLeaf.Generated("wf_e.value", call.Offset)]));
        return SqlTemplate.Fill(template, call.Offset, call.Arguments[0], inside);
    }

    private static List<SqlNode> Substitute(List<SqlNode> nodes, params (string Name, List<SqlNode> Value)[] values)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i] is SqlGroup group)
            {
                result.Add(group.With(Substitute(group.Children, values)));
                continue;
            }

            var isMember = SqlTree.At(nodes, SqlTree.Previous(nodes, i - 1))?.IsSymbol(".") == true;
            var found = isMember ? default : Array.Find(values, v => nodes[i].IsWord(v.Name));
            result.AddRange(found.Value ?? [nodes[i]]);
        }

        return result;
    }
}
