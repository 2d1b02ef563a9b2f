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
        new CastCalls(settings).Register(rules);
        rules["extract"] = Extract;
        rules["concat"] = c => Concat(c, settings);
        rules["concat_ws"] = c => c.Arguments.Count == 2 ? c.Renamed("wf_concat_ws") : null;
        rules["trim"] = Trim;
        rules["greatest"] = NullIfAnyNull;
        rules["least"] = NullIfAnyNull;
        rules["date_diff"] = c => c.Arguments.Count == 3 ? c.Fill("date_sub(lower({0}), {1}, {2})") : null;
        rules["normalize"] = Normalize;
        rules["format"] = Format;
        rules["sequence"] = c => c.Renamed("wf_sequence");
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
    private static List<SqlNode>? Concat(SqlCall call, DialectSettings settings)
    {
        if (call.Arguments.Count < 2)
        {
            return null;
        }

        var nodes = new List<SqlNode>();
        foreach (var argument in call.Arguments)
        {
            if (nodes.Count > 0)
            {
                nodes.AddRange([Blank(), new SqlLeaf(new SqlToken(SqlTokenKind.Symbol, "||", call.Offset)), Blank()]);
            }

            nodes.Add(new SqlGroup(Generated("("), argument, Generated(")")));
        }

        return [new SqlGroup(Generated("("), Concatenation.Rewrite(nodes, settings.Elements), Generated(")"))];

        SqlToken Generated(string text) => new(SqlTokenKind.Generated, text, call.Offset);

        SqlLeaf Blank() => new(new SqlToken(SqlTokenKind.WhiteSpace, " ", call.Offset));
    }

    // trim(LEADING FROM x): what is trimmed may be left out.
    private static List<SqlNode>? Trim(SqlCall call)
    {
        if (call.Arguments.Count != 1 || SqlTree.Significant(call.Arguments[0]) is not [SqlLeaf { Token: var side }, { } from, ..] || !from.IsWord("FROM"))
        {
            return null;
        }

        var function = SqlNames.Unquote(side.Text).ToLowerInvariant() switch
        {
            "leading" => "ltrim",
            "trailing" => "rtrim",
            "both" => "trim",
            _ => null,
        };
        return function is null ? null : SqlTemplate.Fill($"{function}({{0}})", call.Offset, call.Arguments[0][(call.Arguments[0].IndexOf(from) + 1)..]);
    }

    private static List<SqlNode>? NullIfAnyNull(SqlCall call)
    {
        var indexes = Enumerable.Range(0, call.Arguments.Count).ToList();
        var known = string.Join(" AND ", indexes.Select(i => $"({{{i}}}) IS NOT NULL"));
        var all = string.Join(", ", indexes.Select(i => $"{{{i}}}"));
        return call.Arguments.Count == 0 ? null : call.Fill($"CASE WHEN {known} THEN {call.Name}({all}) END");
    }
}
