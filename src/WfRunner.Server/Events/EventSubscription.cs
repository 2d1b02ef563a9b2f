using NodaTime;
using WfRunner.Server.Loops;

namespace WfRunner.Server.Events;

/// <summary>One follower's place in the stream of changes. Used by one thread at a time; disposing it ends it.</summary>
internal sealed class EventSubscription(EventHub hub, EventFilter filter, long start, bool isReset) : IDisposable
{
    private const int ReadAtOnce = 256;

    private readonly Wakeup _wakeup = new();
    private readonly List<(long Position, ServerEvent Event)> _batch = [];
    private long _position = start;

    /// <summary>Whether the cursor that was given leads nowhere any more, so that changes may have been missed.</summary>
    public bool IsReset => isReset;

    /// <summary>Where this subscription stands; resumes here later.</summary>
    public string Cursor => hub.CursorAt(_position);

    /// <summary>Takes the next changes without waiting.</summary>
    /// <returns>Those that are wanted, each with the cursor after it; null at the end.</returns>
    public IReadOnlyList<(string Cursor, ServerEvent Event)>? Take()
    {
        _batch.Clear();
        if (hub.Read(_position, ReadAtOnce, _batch) is not { } position)
        {
            return null;
        }

        _position = position;
        return [.. _batch.Where(e => filter.Wants(e.Event)).Select(e => (hub.CursorAt(e.Position), e.Event))];
    }

    /// <summary>Waits until there may be something to take, or until a time.</summary>
    public Task WaitAsync(Instant until, IClock clock, TimeProvider timers, CancellationToken cancellationToken) =>
        _wakeup.WaitAsync(until, clock, timers, cancellationToken);

    public void Dispose() => hub.Remove(this);

    internal void Signal() => _wakeup.Signal();
}
