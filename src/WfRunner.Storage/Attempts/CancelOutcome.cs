namespace WfRunner.Storage.Attempts;

/// <summary>How a request to stop an attempt ended.</summary>
public enum CancelOutcome
{
    /// <summary>There is no such attempt.</summary>
    NotFound,

    /// <summary>It has ended already.</summary>
    AlreadyDone,

    /// <summary>It is asked to stop; whoever runs it must be told.</summary>
    Requested,

    /// <summary>Somebody asked before, and it goes on stopping.</summary>
    AlreadyRequested,

    /// <summary>It had not begun, and now never will: it is done.</summary>
    EndedAtOnce,
}
