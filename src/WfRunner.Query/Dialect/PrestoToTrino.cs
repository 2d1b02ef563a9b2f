using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Trino speaks Presto SQL; only TD's functions are its unknowns (operators-td 17 and 18).</summary>
internal sealed class PrestoToTrino : PrestoDialect
{
    private const string Engine = "Trino";

    private readonly CallRewriter _calls;

    public PrestoToTrino(DialectSettings settings)
        : base(settings)
    {
        _calls = new CallRewriter(
            rules => new TreasureDataElsewhere(settings, Engine).Register(rules, TrinoCalls.All()), TreasureDataElsewhere.IsUnknown, Engine);
    }

    protected override bool IsIgnored(List<SqlNode> nodes, int first) => false;

    protected override List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement) =>
        _calls.Rewrite([.. nodes.Select(n => n is SqlGroup group ? group.With(RewriteList(group.Children, isStatement: false)) : n)]);
}
