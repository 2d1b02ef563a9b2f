using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>A function call found in a list of nodes.</summary>
/// <param name="Name">The function in lower case.</param>
/// <param name="Arguments">The arguments, rewritten already.</param>
/// <param name="Group">The arguments with their parentheses.</param>
/// <param name="Offset">Where the call starts in the source.</param>
/// <param name="Filter">The condition of a <c>FILTER (WHERE …)</c> behind the call, with <c>WHERE</c>.</param>
/// <param name="Over">The window of an <c>OVER (…)</c> behind the call.</param>
internal sealed record SqlCall(
    string Name, IReadOnlyList<List<SqlNode>> Arguments, SqlGroup Group, int Offset, SqlGroup? Filter, SqlGroup? Over)
{
    /// <summary>How many of the clauses behind the call the rewriting has taken in: 0, or 1 for the filter or window.</summary>
    public bool TakesClause { get; set; }

    /// <summary>An argument as a constant; null when it is none.</summary>
    public SqlConstant? Constant(int argument) => argument < Arguments.Count ? SqlConstant.Of(Arguments[argument]) : null;

    /// <summary>The call with another name and the same arguments.</summary>
    public List<SqlNode> Renamed(string name) => [SqlLeaf.Generated(name, Offset), Group];

    /// <summary>Fills a template with the arguments.</summary>
    public List<SqlNode> Fill(string template) => SqlTemplate.Fill(template, Offset, Arguments);
}
