using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Presto's types in PostgreSQL's names.</summary>
internal static class PostgreSqlTypes
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["double"] = "double precision",
        ["varbinary"] = "bytea",
        ["tinyint"] = "smallint",
        ["ipaddress"] = "inet",
    };

    public static List<SqlNode>? Cast(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        return at < 0 ? null : [SqlLeaf.Generated(call.Name, call.Offset), call.Group.With([.. nodes[..(at + 1)], .. Rewrite(nodes[(at + 1)..])])];
    }

    /// <summary>A type; <c>array(T)</c> becomes <c>T[]</c>.</summary>
    public static List<SqlNode> Rewrite(IReadOnlyList<SqlNode> type) =>
        type.Any(n => n.IsWord("precision")) ? [.. type] : [.. TypeNames.Rewrite(type).Select(Renamed)];

    private static SqlNode Renamed(SqlNode node) =>
        node is SqlLeaf { Token: { Kind: SqlTokenKind.Word } token } && Names.TryGetValue(token.Text, out var name)
            ? SqlLeaf.Generated(name, token.Offset)
            : node;
}
