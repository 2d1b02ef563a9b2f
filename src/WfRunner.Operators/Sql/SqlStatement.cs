namespace WfRunner.Operators.Sql;

/// <summary>The work of a task that changes something.</summary>
/// <param name="QueryId">What identifies it, saved before it begins.</param>
/// <param name="Text">The statement.</param>
/// <param name="Options">The task's options.</param>
internal sealed record SqlStatement(string QueryId, string Text, SqlTaskOptions Options);
