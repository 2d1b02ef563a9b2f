namespace WfRunner.Query.Backends;

/// <summary>A failure of an engine that may say that its work was interrupted on demand.</summary>
internal interface IInterruption
{
    /// <summary>Whether it says so.</summary>
    bool IsInterrupt { get; }
}
