using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Functions that take lambdas (operators-td 22.7).</summary>
internal static class LambdaCalls
{
    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules, DialectSettings settings)
    {
        rules["transform"] = c => c.Renamed("list_transform");
        rules["filter"] = c => c.Renamed("list_filter");
        rules["reduce"] = c => Reduce(c, settings);
        rules["any_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) > 0)") : null;
        rules["none_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) = 0)") : null;
        rules["all_match"] = c => c.Arguments.Count == 2 ? c.Fill("(len(list_filter({0}, {1})) = len({0}))") : null;
        rules["zip_with"] = ZipWith;
        rules["repeat"] = c => c.Arguments.Count == 2 ? c.Fill("list_transform(range({1}), lambda wf_i: {0})") : null;
        rules["array_sort"] = Sort;
        rules["map_zip_with"] = MapZipWith;
        rules["regexp_replace"] = ReplaceByFunction;
        rules["split_to_map"] = SplitToMap;
        rules["reduce_agg"] = c => ReduceAll(c, settings);
        rules["map_filter"] = c => OverEntries(c, "map_from_entries(list_filter(system.main.map_entries({0}), lambda wf_e: {1}))");
        rules["transform_values"] = c =>
            OverEntries(c, "map_from_entries(list_transform(system.main.map_entries({0}), lambda wf_e: row(wf_e.key, {1})))");
        rules["transform_keys"] = c =>
            OverEntries(c, "map_from_entries(list_transform(system.main.map_entries({0}), lambda wf_e: row({1}, wf_e.value)))");
    }

    // reduce(a, init, (s, x) -> e, s -> r): the last lambda shapes the result.
    private static List<SqlNode>? Reduce(SqlCall call, DialectSettings settings)
    {
        if (call.Arguments.Count != 4 || !Lambdas.TryRead(call.Arguments[3], out var parameters, out var output) || parameters.Count != 1
            || Fold(call.Offset, call.Arguments[0], call.Arguments[1], call.Arguments[2], settings) is not { } reduced)
        {
            return null;
        }

        return [SqlLeaf.Generated("(", call.Offset), .. Substitute(output, (parameters[0], reduced)), SqlLeaf.Generated(")", call.Offset)];
    }

    // reduce_agg(x, init, (s, x) -> e, (s, s) -> e): in one process there is one part of the rows, so nothing to combine.
    private static List<SqlNode>? ReduceAll(SqlCall call, DialectSettings settings)
    {
        if (call.Arguments.Count != 4)
        {
            return null;
        }

        var condition = call.Filter is { } filter ? filter.Children[(SqlTree.Next(filter.Children, 0) + 1)..] : null;
        call.TakesClause = condition is not null;
        var values = SqlTemplate.Fill(
            condition is null ? "list({0}) FILTER (WHERE ({0}) IS NOT NULL)" : "list({0}) FILTER (WHERE ({0}) IS NOT NULL AND ({1}))",
            call.Offset,
            call.Arguments[0],
            condition ?? []);
        return Fold(call.Offset, values, call.Arguments[1], call.Arguments[2], settings);
    }

    // DuckDB folds values of one type. Where the types differ, pairs of what is carried and an element are folded.
    private static List<SqlNode>? Fold(int offset, List<SqlNode> list, List<SqlNode> start, List<SqlNode> step, DialectSettings settings)
    {
        if (!settings.CarriesOtherType)
        {
            return SqlTemplate.Fill("list_reduce({0}, {2}, {1})", offset, list, start, step);
        }

        if (!Lambdas.TryRead(step, out var parameters, out var body) || parameters.Count != 2)
        {
            return null;
        }

        var inside = Substitute(
            body, (parameters[0], [SqlLeaf.Generated("wf_a.s", offset)]), (parameters[1], [SqlLeaf.Generated("wf_b.x", offset)]));
        return SqlTemplate.Fill(
            "list_reduce(list_prepend(struct_pack(s := {1}, x := NULL), list_transform({0}, lambda wf_x: struct_pack(s := NULL, x := wf_x))), "
            + "lambda wf_a, wf_b: struct_pack(s := {2}, x := wf_b.x)).s",
            offset,
            list,
            start,
            inside);
    }

    // The place of an element is the number of those that come before it. Equal ones keep their order.
    private static List<SqlNode>? Sort(SqlCall call)
    {
        if (call.Arguments.Count != 2 || !Lambdas.TryRead(call.Arguments[1], out var parameters, out var body) || parameters.Count != 2)
        {
            return null;
        }

        var (first, second) = (parameters[0], parameters[1]);
        return SqlTemplate.Fill(
            $"list_transform(list_sort(list_transform({{0}}, lambda {second}, wf_i: struct_pack(r := len(list_filter({{0}}, lambda {first}, wf_j: "
            + $"wf_j <> wf_i AND (({{1}}) < 0 OR (({{1}}) = 0 AND wf_j < wf_i)))), v := {second}))), lambda wf_p: wf_p.v)",
            call.Offset,
            call.Arguments[0],
            body);
    }

    // map_zip_with(a, b, (k, v1, v2) -> e): over the keys of both, with NULL where one has none.
    private static List<SqlNode>? MapZipWith(SqlCall call)
    {
        if (call.Arguments.Count != 3 || !Lambdas.TryRead(call.Arguments[2], out var parameters, out var body) || parameters.Count != 3)
        {
            return null;
        }

        var inside = Substitute(
            body,
            (parameters[0], [SqlLeaf.Generated("wf_k", call.Offset)]),
            (parameters[1], SqlTemplate.Fill("({0})[wf_k]", call.Offset, call.Arguments[0])),
            (parameters[2], SqlTemplate.Fill("({0})[wf_k]", call.Offset, call.Arguments[1])));
        return SqlTemplate.Fill(
            "map_from_entries(list_transform(array_distinct(list_concat(map_keys({0}), map_keys({1}))), lambda wf_k: row(wf_k, {2})))",
            call.Offset,
            call.Arguments[0],
            call.Arguments[1],
            inside);
    }

    // regexp_replace(t, p, x -> e): x holds the groups of a match.
    private static List<SqlNode>? ReplaceByFunction(SqlCall call)
    {
        if (call.Arguments.Count != 3 || !Lambdas.TryRead(call.Arguments[2], out var parameters, out var body) || parameters.Count != 1)
        {
            return null;
        }

        var inside = Substitute(body, (parameters[0], [SqlLeaf.Generated("CAST(CAST(wf_m AS JSON) AS VARCHAR[])", call.Offset)]));
        return SqlTemplate.Fill(
            "array_to_string(list_transform(wf_regexp_pieces({0}, {1}), lambda wf_m: CASE WHEN wf_m[1] = '=' THEN wf_m[2:] ELSE {2} END), '')",
            call.Offset,
            call.Arguments[0],
            call.Arguments[1],
            inside);
    }

    // split_to_map(t, d, kd, (k, v1, v2) -> e): e is the value of a key that comes again.
    private static List<SqlNode>? SplitToMap(SqlCall call)
    {
        if (call.Arguments.Count != 4 || !Lambdas.TryRead(call.Arguments[3], out var parameters, out var body) || parameters.Count != 3)
        {
            return null;
        }

        var inside = Substitute(body, (parameters[0], [SqlLeaf.Generated("wf_e.key", call.Offset)]));
        return SqlTemplate.Fill(
            $"map_from_entries(list_transform(system.main.map_entries(split_to_multimap({{0}}, {{1}}, {{2}})), lambda wf_e: row(wf_e.key, "
            + $"list_reduce(wf_e.value, lambda {parameters[1]}, {parameters[2]}: {{3}}))))",
            call.Offset,
            call.Arguments[0],
            call.Arguments[1],
            call.Arguments[2],
            inside);
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
