using WfRunner.Core.Config;

namespace WfRunner.Core.Operators;

/// <summary>
/// An expected failure of a task, such as <c>fail&gt;</c> or a query with a wrong column: printed without a kind and without a
/// trace.
/// </summary>
public sealed class TaskFailedException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What <c>${error.message}</c> will say.</param>
    /// <param name="properties">Further members of <c>${error}</c>.</param>
    /// <param name="inner">The cause.</param>
    public TaskFailedException(string message, ConfigMap? properties = null, Exception? inner = null)
        : base(FailureKind.TaskExecution, message, null, inner) => Properties = properties ?? ConfigMap.Empty;

    /// <summary>Further members of <c>${error}</c>.</summary>
    public ConfigMap Properties { get; }
}
