namespace WfRunner.Storage.Pools;

/// <summary>How an attempt comes to be.</summary>
public enum Invocation
{
    /// <summary>Somebody asked for it: a person, a program, a task, or a trigger.</summary>
    OnDemand,

    /// <summary>A schedule starts it.</summary>
    Scheduled,
}
