using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Turns Presto SQL with TD functions into SQL that DuckDB runs with the same meaning (operators-td 21 to 23). What only has
/// another name is a macro (Backends/DuckDb); here is what needs another shape, from the inside out.
/// </summary>
internal sealed class PrestoToDuckDb : PrestoDialect
{
    private readonly CallRewriter _calls;

    public PrestoToDuckDb(DialectSettings settings)
        : base(settings)
    {
        _calls = new CallRewriter(rules =>
        {
            AggregateCalls.Register(rules);
            ScalarCalls.Register(rules, settings);
            LambdaCalls.Register(rules, settings);
            JsonCalls.Register(rules);
            new TreasureDataCalls(settings).Register(rules);
            if (settings.Engine == QueryEngine.Hive)
            {
                HiveCalls.Register(rules);
            }
        });
    }

    // SET SESSION k = v tunes the remote engine only; Hive's SET k=v likewise.
    protected override bool IsIgnored(List<SqlNode> nodes, int first) => nodes[first].IsWord("SET")
        && (Settings.Engine == QueryEngine.Hive || SqlTree.At(nodes, SqlTree.Next(nodes, first + 1))?.IsWord("SESSION") == true);

    protected override List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement)
    {
        if (Settings.Engine == QueryEngine.Hive)
        {
            nodes = HiveSyntax.Rewrite(nodes, isStatement);
        }

        nodes = InformationSchema.Rewrite(nodes);
        nodes = ReservedNames.Quote(nodes, isStatement);
        nodes = ColumnNames.NameUnnamed(nodes);
        nodes = [.. nodes.Select(n => n is SqlGroup group ? group.With(RewriteList(group.Children, isStatement: false)) : n)];
        nodes = Lambdas.Rewrite(nodes);
        nodes = Literals.Rewrite(nodes);
        nodes = _calls.Rewrite(nodes);
        nodes = Concatenation.Rewrite(nodes, Settings.Elements);
        nodes = TableSyntax.Rewrite(nodes, Settings.UnnestsRows);
        return isStatement ? StatementSyntax.Rewrite(nodes) : nodes;
    }
}
