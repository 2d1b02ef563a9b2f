using WfRunner.Core;

namespace WfRunner.Query;

/// <summary>An engine refused a query, or failed while it ran. An expected failure of a task.</summary>
public sealed class QueryFailedException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What the engine says, in one line.</param>
    /// <param name="inner">The engine's own failure.</param>
    /// <param name="line">Line in the query, from 1, where the engine tells it.</param>
    /// <param name="column">Column in that line, from 1.</param>
    public QueryFailedException(string message, Exception? inner = null, int? line = null, int? column = null)
        : base(FailureKind.TaskExecution, message, null, inner)
    {
        Line = line;
        Column = column;
    }

    /// <summary>Line in the query, from 1; null when unknown.</summary>
    public int? Line { get; }

    /// <summary>Column in that line, from 1; null when unknown.</summary>
    public int? Column { get; }
}
