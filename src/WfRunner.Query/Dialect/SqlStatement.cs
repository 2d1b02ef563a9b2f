using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>One statement of a query text, ready for the engine.</summary>
/// <param name="Nodes">The rewritten statement.</param>
/// <param name="FirstWord">The statement's first keyword in lower case, for example <c>select</c>.</param>
/// <param name="Names">Every name the source uses, in lower case, to know which databases it may touch.</param>
internal sealed record SqlStatement(IReadOnlyList<SqlNode> Nodes, string FirstWord, IReadOnlySet<string> Names)
{
    /// <summary>
    /// Gives the statement in another reading, where the text allows several and only the engine, which knows the types, can tell: takes
    /// the engine's refusal, gives null when no other reading would help.
    /// </summary>
    public Func<QueryFailedException, SqlStatement?>? ReadAgain { get; init; }

    /// <summary>The statement's text with its way back to the source.</summary>
    /// <param name="prefix">Text of our own in front, such as <c>CREATE TABLE t AS</c>.</param>
    public SqlOutput Output(string prefix = "") => new SqlOutput().Add(prefix).Add(Nodes);

    /// <summary>Whether the statement only reads, so that it needs no turn among the writers.</summary>
    public bool IsReadOnly => FirstWord is "select" or "with" or "values" or "show" or "describe" or "desc" or "explain" or "table" or "(";
}
