namespace WfRunner.Storage.Attempts;

/// <summary>How a start ended.</summary>
public abstract record StartOutcome
{
    /// <summary>The attempt, its tasks and the lease are stored.</summary>
    /// <param name="Attempt">The new attempt.</param>
    /// <param name="Lease">Held by the node that started it; null when it left the attempt to others, or when the attempt is queued.</param>
    public sealed record Started(StoredAttempt Attempt, AttemptLease? Lease) : StartOutcome;

    /// <summary>The session has an attempt of that name. Nothing is stored but that the cause is used up.</summary>
    /// <param name="Existing">The attempt of that name; for an unnamed start the session's last one (engine 14.1).</param>
    public sealed record Conflict(StoredAttempt Existing) : StartOutcome;

    /// <summary>The cause is gone: the schedule moved, or the trigger's attempt was started, meanwhile. Nothing is stored.</summary>
    public sealed record Superseded : StartOutcome;
}
