using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Signals;

/// <summary>
/// Something that happened in a shared store and that other nodes want to know at once. A signal is a wake-up, never the only way to
/// learn of a thing: whoever hears it looks into the store.
/// </summary>
public abstract record StoreSignal
{
    /// <summary>Attempts may be there that no node runs.</summary>
    public sealed record AttemptsFree : StoreSignal;

    /// <summary>An attempt is asked to stop.</summary>
    /// <param name="Attempt">The attempt.</param>
    public sealed record CancelRequested(AttemptId Attempt) : StoreSignal;

    /// <summary>Schedules came, went or moved.</summary>
    public sealed record SchedulesChanged : StoreSignal;

    /// <summary>What a node sent to all, itself included.</summary>
    /// <param name="Text">What it sent.</param>
    public sealed record Message(string Text) : StoreSignal;

    /// <summary>The connection that signals come over is lost; until it is restored none arrives.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Lost(string Reason) : StoreSignal;

    /// <summary>The connection is back. Signals may have been missed, so everything is worth a look.</summary>
    public sealed record Restored : StoreSignal;
}
