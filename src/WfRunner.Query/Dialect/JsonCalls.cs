using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// SQL's functions over JSON, whose arguments have clauses: <c>json_value(j, 'lax $.a' RETURNING bigint DEFAULT 0 ON EMPTY)</c>,
/// <c>json_query(… WITH ARRAY WRAPPER)</c>, <c>json_object('k' VALUE v)</c>.
/// </summary>
internal static class JsonCalls
{
    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["json_value"] = Value;
        rules["json_query"] = Query;
        rules["json_exists"] = c => c.Arguments.Count == 2 ? Plain(c, "json_exists({0}, {1})") : null;
        rules["json_object"] = Object;
        rules["json_array"] = c => c.Arguments.Count > 0 ? Array(c) : null;
    }

    private static List<SqlNode>? Value(SqlCall call)
    {
        if (call.Arguments.Count != 2)
        {
            return null;
        }

        var clauses = Clauses(call.Arguments[1], out var path);
        var returning = Behind(clauses, "RETURNING", "NULL", "ERROR", "DEFAULT");
        var fallback = Behind(clauses, "DEFAULT", "ON");
        var isOnEmpty = clauses.Exists(n => Is(n, "EMPTY"));
        var value = "json_value({0}, {1})";
        value = fallback is not null && isOnEmpty ? $"coalesce({value}, CAST({{2}} AS VARCHAR))" : value;
        value = returning is not null ? $"CAST({value} AS {{3}})" : value;
        return SqlTemplate.Fill(value, call.Offset, Json(call.Arguments[0]), path, fallback ?? [], TypeNames.Rewrite(returning ?? []));
    }

    private static List<SqlNode>? Query(SqlCall call)
    {
        if (call.Arguments.Count != 2)
        {
            return null;
        }

        var clauses = Clauses(call.Arguments[1], out var path);
        var wrapper = clauses.FindIndex(n => Is(n, "WRAPPER"));
        var isWrapped = wrapper > 0 && !clauses[..wrapper].Exists(n => Is(n, "WITHOUT"));
        return SqlTemplate.Fill(isWrapped ? "wf_json_query({0}, {1})" : "json_query({0}, {1})", call.Offset, Json(call.Arguments[0]), path);
    }

    private static List<SqlNode> Plain(SqlCall call, string template)
    {
        Clauses(call.Arguments[1], out var path);
        return SqlTemplate.Fill(template, call.Offset, Json(call.Arguments[0]), path);
    }

    // 'k' VALUE v, KEY 'k' VALUE v, 'k': v
    private static List<SqlNode>? Object(SqlCall call)
    {
        var parts = new List<IReadOnlyList<SqlNode>>();
        foreach (var argument in call.Arguments)
        {
            var member = WithoutEnd(argument);
            var between = member.FindIndex(n => Is(n, "VALUE") || n.IsSymbol(":"));
            if (between <= 0)
            {
                return null;
            }

            var key = SqlTree.Next(member, 0);
            parts.Add(Is(member[key], "KEY") ? member[(key + 1)..between] : member[..between]);
            parts.Add(member[(between + 1)..]);
        }

        return SqlTemplate.Fill($"json_object({string.Join(", ", parts.Select((_, i) => $"{{{i}}}"))})", call.Offset, parts);
    }

    private static List<SqlNode> Array(SqlCall call)
    {
        var items = call.Arguments.Select(WithoutEnd).ToList<IReadOnlyList<SqlNode>>();
        return SqlTemplate.Fill($"json_array({string.Join(", ", items.Select((_, i) => $"{{{i}}}"))})", call.Offset, items);
    }

    // NULL ON NULL, ABSENT ON NULL, WITH UNIQUE KEYS, RETURNING …
    private static List<SqlNode> WithoutEnd(List<SqlNode> argument)
    {
        var end = argument.FindIndex(n => Is(n, "ABSENT") || Is(n, "RETURNING") || (n.IsWord("WITH") || n.IsWord("WITHOUT")));
        var on = argument.FindIndex(n => n.IsWord("ON"));
        end = end < 0 && on > 0 ? SqlTree.Previous(argument, on - 1) : end;
        return end > 0 ? argument[..end] : argument;
    }

    private static List<SqlNode> Json(List<SqlNode> argument) => argument.FindIndex(n => Is(n, "FORMAT")) is var at and > 0 ? argument[..at] : argument;

    private static List<SqlNode> Clauses(List<SqlNode> argument, out List<SqlNode> path)
    {
        var first = SqlTree.Next(argument, 0);
        path = first < argument.Count ? argument[..(first + 1)] : argument;
        return first < argument.Count ? argument[(first + 1)..] : [];
    }

    private static List<SqlNode>? Behind(List<SqlNode> clauses, string word, params string[] ends)
    {
        var start = clauses.FindIndex(n => Is(n, word));
        if (start < 0)
        {
            return null;
        }

        var end = clauses.FindIndex(start + 1, n => System.Array.Exists(ends, e => Is(n, e)));
        return end < 0 ? clauses[(start + 1)..] : clauses[(start + 1)..end];
    }

    // Words that DuckDB reserves may have got quotes before.
    private static bool Is(SqlNode node, string word) => node is SqlLeaf { Token: { Kind: SqlTokenKind.Word or SqlTokenKind.QuotedName } token }
        && SqlNames.Unquote(token.Text).Equals(word, StringComparison.OrdinalIgnoreCase);
}
