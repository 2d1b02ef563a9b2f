namespace WfRunner.Core.Engine;

/// <summary>The sets of states that the rules of the engine speak of (engine 2.1).</summary>
public static class TaskStates
{
    /// <summary>Whether the state never changes again.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether it is done.</returns>
    public static bool IsDone(this TaskState state) =>
        state is TaskState.Success or TaskState.GroupError or TaskState.Error or TaskState.Canceled;

    /// <summary>Whether the task moves on by itself, without waiting for a sibling or its parent.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether it progresses.</returns>
    public static bool IsProgressing(this TaskState state) =>
        state is TaskState.Ready or TaskState.RetryWaiting or TaskState.GroupRetryWaiting or TaskState.Running or TaskState.Planned;

    /// <summary>Whether the task ended with a failure.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether it is an error.</returns>
    public static bool IsError(this TaskState state) => state is TaskState.Error or TaskState.GroupError;

    /// <summary>Whether children of a task in this state may run.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether they may.</returns>
    public static bool MayRunChildren(this TaskState state) => state is TaskState.Planned or TaskState.Success;

    /// <summary>The name the API and the command line use, for example <c>group_retry_waiting</c>.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The name.</returns>
    public static string ApiName(this TaskState state) => state switch
    {
        TaskState.Blocked => "blocked",
        TaskState.Ready => "ready",
        TaskState.RetryWaiting => "retry_waiting",
        TaskState.GroupRetryWaiting => "group_retry_waiting",
        TaskState.Running => "running",
        TaskState.Planned => "planned",
        TaskState.GroupError => "group_error",
        TaskState.Success => "success",
        TaskState.Error => "error",
        TaskState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown task status code"),
    };

    /// <summary>Reads the name of a state.</summary>
    /// <param name="name">For example <c>success</c>.</param>
    /// <returns>The state, or null for an unknown name.</returns>
    public static TaskState? FromApiName(string name) => name switch
    {
        "blocked" => TaskState.Blocked,
        "ready" => TaskState.Ready,
        "retry_waiting" => TaskState.RetryWaiting,
        "group_retry_waiting" => TaskState.GroupRetryWaiting,
        "running" => TaskState.Running,
        "planned" => TaskState.Planned,
        "group_error" => TaskState.GroupError,
        "success" => TaskState.Success,
        "error" => TaskState.Error,
        "canceled" => TaskState.Canceled,
        _ => null,
    };
}
