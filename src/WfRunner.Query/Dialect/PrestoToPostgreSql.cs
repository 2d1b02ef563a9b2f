using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Presto SQL for PostgreSQL: names of functions and types, <c>UNNEST(sequence(…))</c>, numbers with an exponent, TD's functions.
/// Maps, rows and lambdas have no counterpart and are left for the server to complain about.
/// </summary>
internal sealed class PrestoToPostgreSql : PrestoDialect
{
    private const string Engine = "PostgreSQL";

    private readonly CallRewriter _calls;

    public PrestoToPostgreSql(DialectSettings settings)
        : base(settings)
    {
        _calls = new CallRewriter(
            rules =>
            {
                PostgreSqlCalls.Register(rules);
                new TreasureDataElsewhere(settings, Engine).Register(rules, PostgreSqlTimeCalls.All());
            },
            TreasureDataElsewhere.IsUnknown,
            Engine);
    }

    protected override bool IsIgnored(List<SqlNode> nodes, int first) =>
        nodes[first].IsWord("SET") && SqlTree.At(nodes, SqlTree.Next(nodes, first + 1))?.IsWord("SESSION") == true
        && nodes.Exists(n => n.IsSymbol("="));

    protected override List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement)
    {
        nodes = ColumnNames.NameUnnamed(nodes);
        nodes = [.. nodes.Select(n => n is SqlGroup group ? group.With(RewriteList(group.Children, isStatement: false)) : Leaf(n))];
        nodes = TypedLiterals(nodes);
        nodes = _calls.Rewrite(nodes);
        nodes = TableSyntax.ParenthesizeValues(nodes);
        return isStatement ? StatementSyntax.WithoutTableProperties(nodes) : nodes;
    }

    // 1.5e0 is a double in Presto and a decimal in PostgreSQL.
    private static SqlNode Leaf(SqlNode node) =>
        node is SqlLeaf { Token: { Kind: SqlTokenKind.Number } token } && token.Text.Contains('e', StringComparison.OrdinalIgnoreCase)
            && !token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? SqlLeaf.Generated($"CAST({token.Text} AS double precision)", token.Offset)
            : node;

    // DOUBLE '1.5', TIMESTAMP '… zone'
    private static List<SqlNode> TypedLiterals(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var isBeforeText = SqlTree.At(nodes, SqlTree.Next(nodes, i + 1))?.Is(SqlTokenKind.Text) == true;
            result.Add(!isBeforeText ? nodes[i]
                : nodes[i].IsWord("DOUBLE") ? SqlLeaf.Generated("double precision", nodes[i].Offset)
                : nodes[i].IsWord("TIMESTAMP") && Literals.HasZone(((SqlLeaf)nodes[SqlTree.Next(nodes, i + 1)]).Token) ? SqlLeaf.Generated("timestamptz", nodes[i].Offset)
                : nodes[i]);
        }

        return result;
    }
}
