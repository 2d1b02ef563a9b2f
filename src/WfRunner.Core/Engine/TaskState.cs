namespace WfRunner.Core.Engine;

/// <summary>
/// State of a task. The numbers are Digdag's codes (engine 2.1). <c>docs/state-machine.md</c> draws the transitions.
/// </summary>
public enum TaskState
{
    /// <summary>Waits for its parent or for siblings.</summary>
    Blocked = 0,

    /// <summary>May run now.</summary>
    Ready = 1,

    /// <summary>Waits until its operator is called again, for a poll or a retry.</summary>
    RetryWaiting = 2,

    /// <summary>Waits until its failed children are run again.</summary>
    GroupRetryWaiting = 3,

    /// <summary>Its operator runs, or is about to.</summary>
    Running = 4,

    /// <summary>Waits for its children.</summary>
    Planned = 5,

    /// <summary>Done: something below it failed.</summary>
    GroupError = 6,

    /// <summary>Done: succeeded. Only this state lets downstream tasks run.</summary>
    Success = 7,

    /// <summary>Done: its operator failed.</summary>
    Error = 8,

    /// <summary>Done: ended because the attempt was killed; not an error.</summary>
    Canceled = 9,
}
