using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Presto SQL for SQLite, which has neither arrays nor typed times: times are texts as Presto prints them. Functions under names
/// that SQLite does not know are ours (Backends/Sqlite); here is what needs another shape.
/// </summary>
internal sealed class PrestoToSqlite : PrestoDialect
{
    private const string Engine = "SQLite";

    private readonly CallRewriter _calls;

    public PrestoToSqlite(DialectSettings settings)
        : base(settings)
    {
        _calls = new CallRewriter(
            rules =>
            {
                SqliteCalls.Register(rules);
                new TreasureDataElsewhere(settings, Engine).Register(rules, SqliteCalls.TreasureData(settings));
            },
            name => TreasureDataElsewhere.IsUnknown(name) && !SqliteCalls.HasFunction(name),
            Engine);
    }

    protected override bool IsIgnored(List<SqlNode> nodes, int first) => nodes[first].IsWord("SET");

    protected override List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement)
    {
        nodes = ColumnNames.NameUnnamed(nodes);
        nodes = [.. nodes.Select(n => n is SqlGroup group ? group.With(RewriteList(group.Children, isStatement: false)) : n)];
        nodes = TypedLiterals(nodes);
        nodes = TableSyntax.ParenthesizeValues(_calls.Rewrite(nodes));
        return isStatement ? StatementSyntax.WithoutTableProperties(nodes) : nodes;
    }

    // DATE '…', TIMESTAMP '…': the text as Presto prints it; DOUBLE '…', DECIMAL '…': the number
    private static List<SqlNode> TypedLiterals(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var at = SqlTree.Next(nodes, i + 1);
            if (SqlTree.At(nodes, at) is SqlLeaf { Token.Kind: SqlTokenKind.Text } text && Template(nodes[i]) is { } template)
            {
                result.AddRange(SqlTemplate.Fill(template, nodes[i].Offset, [text]));
                i = at;
            }
            else
            {
                result.Add(nodes[i]);
            }
        }

        return result;
    }

    private static string? Template(SqlNode type) =>
        type.IsWord("DATE") ? "wf_date({0})"
        : type.IsWord("TIMESTAMP") ? "wf_timestamp({0})"
        : type.IsWord("DOUBLE") ? "CAST({0} AS REAL)"
        : type.IsWord("DECIMAL") ? "CAST({0} AS NUMERIC)"
        : null;
}
