namespace WfRunner.Storage.Attempts;

/// <summary>States of attempts that a list is narrowed to.</summary>
[Flags]
public enum AttemptStatuses
{
    /// <summary>Whatever the state.</summary>
    Any = 0,

    /// <summary>Not done, and not queued.</summary>
    Running = 1,

    /// <summary>Done with success.</summary>
    Success = 2,

    /// <summary>Done without success, and nobody had asked it to stop.</summary>
    Error = 4,

    /// <summary>Done without success after somebody asked it to stop.</summary>
    Canceled = 8,

    /// <summary>Waiting for room in its pool.</summary>
    Queued = 16,
}
