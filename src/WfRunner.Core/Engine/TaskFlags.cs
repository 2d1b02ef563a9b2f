namespace WfRunner.Core.Engine;

/// <summary>Marks of a task besides its state. The bits are Digdag's (engine 2.2).</summary>
[Flags]
public enum TaskFlags
{
    /// <summary>No mark.</summary>
    None = 0,

    /// <summary>The attempt was asked to stop while the task was not done.</summary>
    CancelRequested = 1,

    /// <summary>Its operator failed; it becomes an error when its <c>^error</c> tasks are finished.</summary>
    DelayedError = 2,

    /// <summary>Its children failed; it becomes a group error when its <c>^error</c> and alert tasks are finished.</summary>
    DelayedGroupError = 4,

    /// <summary>Comes from the definition or a <c>^sub</c>; a group retry runs it anew.</summary>
    InitialTask = 8,
}
