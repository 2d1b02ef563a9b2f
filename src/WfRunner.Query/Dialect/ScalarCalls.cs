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

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules, DialectSettings settings)
    {
        rules["if"] = c => c.Arguments.Count == 2 ? c.Fill("CASE WHEN {0} THEN {1} END") : null;
        rules["cast"] = settings.KeepsCasts ? Cast : c => TextOfTime(c) ?? Cast(c);
        rules["try_cast"] = Cast;
        rules["extract"] = Extract;
        rules["concat"] = Concat;
        rules["greatest"] = NullIfAnyNull;
        rules["least"] = NullIfAnyNull;
        rules["date_diff"] = c => c.Arguments.Count == 3 ? c.Fill("date_sub(lower({0}), {1}, {2})") : null;
        rules["normalize"] = Normalize;
        rules["format"] = Format;
        rules["sequence"] = c => c.Renamed("generate_series");
    }

    // Times as text have milliseconds in Presto.
    private static List<SqlNode>? TextOfTime(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        return at > 0 && SqlTree.Significant(nodes[(at + 1)..]) is [var type] && type.IsWord("varchar") && SqlConstant.Of(nodes[..at]) is not { IsNull: true }
            ? SqlTemplate.Fill("wf_varchar({0})", call.Offset, nodes[..at])
            : null;
    }

    private static List<SqlNode>? Cast(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        return at < 0 || !TypeNames.NeedsRewrite(nodes[(at + 1)..])
            ? null
            : [SqlLeaf.Generated(call.Name, call.Offset), call.Group.With([.. nodes[..(at + 1)], .. TypeNames.Rewrite(nodes[(at + 1)..])])];
    }

    // The form is a bare word: normalize(x, NFKC). DuckDB composes; of the compatible forms there are those of width.
    private static List<SqlNode>? Normalize(SqlCall call)
    {
        var form = call.Arguments.Count == 2 && SqlTree.Significant(call.Arguments[1]) is [SqlLeaf { Token: var word }] ? word.Text.ToUpperInvariant() : "NFC";
        return (call.Arguments.Count, form) switch
        {
            (1 or 2, "NFC") => call.Fill("nfc_normalize({0})"),
            (2, "NFKC") => call.Fill("nfc_normalize(wf_width_forms({0}))"),
            _ => throw new QueryFailedException($"normalize with the form {form} is not supported in local mode"),
        };
    }

    // Values of any types travel as their texts.
    private static List<SqlNode>? Format(SqlCall call)
    {
        var values = Enumerable.Range(1, Math.Max(call.Arguments.Count - 1, 0)).Select(i => $"CAST({{{i}}} AS VARCHAR)");
        return call.Arguments.Count == 0 ? null : call.Fill($"wf_format({{0}}, CAST(to_json([{string.Join(", ", values)}]::VARCHAR[]) AS VARCHAR))");
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
