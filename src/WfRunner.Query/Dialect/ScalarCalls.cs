using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Scalar functions whose call must change its shape (operators-td 22.2 to 22.7).</summary>
internal static class ScalarCalls
{
    private static readonly Dictionary<string, string> ExtractFields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["day_of_week"] = "isodow",
        ["dow"] = "isodow",
        ["day_of_year"] = "doy",
        ["day_of_month"] = "day",
        ["year_of_week"] = "isoyear",
        ["yow"] = "isoyear",
    };

    private static readonly string[] ArrayFunctions =
        ["split", "string_split", "generate_series", "slice", "flatten", "shuffle", "map_keys", "map_values", "regexp_extract_all", "regexp_split"];

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["if"] = c => c.Arguments.Count == 2 ? c.Fill("CASE WHEN {0} THEN {1} END") : null;
        rules["cast"] = Cast;
        rules["try_cast"] = Cast;
        rules["extract"] = Extract;
        rules["concat"] = Concat;
        rules["greatest"] = NullIfAnyNull;
        rules["least"] = NullIfAnyNull;
        rules["date_diff"] = c => c.Arguments.Count == 3 ? c.Fill("date_sub(lower({0}), {1}, {2})") : null;
        rules["reverse"] = c => c.Arguments.Count == 1 && IsArray(c.Arguments[0]) ? c.Renamed("list_reverse") : null;
        rules["format"] = c => c.Renamed("printf");
        rules["sequence"] = c => c.Renamed("generate_series");
    }

    // Texts are reversed by the same name; only what is plainly an array is known as one.
    private static bool IsArray(List<SqlNode> argument) => SqlTree.At(argument, SqlTree.Next(argument, 0)) is SqlLeaf { Token.Text: var word }
        && (word.StartsWith("array", StringComparison.OrdinalIgnoreCase) || word.StartsWith("list_", StringComparison.Ordinal)
            || ArrayFunctions.Contains(word, StringComparer.OrdinalIgnoreCase));

    private static List<SqlNode>? Cast(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        return at < 0 || !TypeNames.NeedsRewrite(nodes[(at + 1)..])
            ? null
            : [SqlLeaf.Generated(call.Name, call.Offset), call.Group.With([.. nodes[..(at + 1)], .. TypeNames.Rewrite(nodes[(at + 1)..])])];
    }

    private static List<SqlNode>? Extract(SqlCall call)
    {
        var nodes = call.Group.Children;
        var field = SqlTree.Next(nodes, 0);
        if (SqlTree.At(nodes, field) is not SqlLeaf leaf || !ExtractFields.TryGetValue(leaf.Token.Text, out var name))
        {
            return null;
        }

        List<SqlNode> changed = [.. nodes];
        changed[field] = SqlLeaf.Generated(name, leaf.Offset);
        return [SqlLeaf.Generated("extract", call.Offset), call.Group.With(changed)];
    }

    // DuckDB's own concat leaves NULL out; Presto's gives NULL, as || does in both. It joins arrays too.
    private static List<SqlNode>? Concat(SqlCall call) => call.Arguments.Count < 2
        ? null
        : call.Fill("(" + string.Join(" || ", Enumerable.Range(0, call.Arguments.Count).Select(i => $"({{{i}}})")) + ")");

    private static List<SqlNode>? NullIfAnyNull(SqlCall call)
    {
        var indexes = Enumerable.Range(0, call.Arguments.Count).ToList();
        var known = string.Join(" AND ", indexes.Select(i => $"({{{i}}}) IS NOT NULL"));
        var all = string.Join(", ", indexes.Select(i => $"{{{i}}}"));
        return call.Arguments.Count == 0 ? null : call.Fill($"CASE WHEN {known} THEN {call.Name}({all}) END");
    }
}
