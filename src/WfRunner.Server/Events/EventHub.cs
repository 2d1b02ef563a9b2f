using System.Globalization;

namespace WfRunner.Server.Events;

/// <summary>
/// Everything that changed lately, in order, for whoever follows it. Publishing costs an entry in a ring and never waits: a
/// follower has a position in the ring, reads at its own pace, and is dropped when the ring has overtaken it. What follows a
/// dropped connection resumes by a cursor. Whoever knows of a change publishes it: the store of this node for its own ones
/// (<see cref="PublishingStore"/>), and the channel between nodes for those of the others.
/// </summary>
internal sealed class EventHub
{
    /// <summary>How many changes are kept for those who resume.</summary>
    public const int DefaultKept = 16 * 1024;

    /// <summary>The most followers.</summary>
    public const int DefaultFollowers = 500;

    private readonly ServerEvent[] _ring;
    private readonly int _maximumFollowers;
    private readonly Lock _lock = new();
    private readonly List<EventSubscription> _followers = [];

    // A cursor of another run of the server, or of another node, counts other changes; this tells them apart.
    private readonly string _epoch = Guid.NewGuid().ToString("N")[..12];
    private long _next;
    private bool _isCompleted;

    public EventHub(int kept = DefaultKept, int maximumFollowers = DefaultFollowers)
    {
        _ring = new ServerEvent[kept];
        _maximumFollowers = maximumFollowers;
    }

    /// <summary>How many follow now.</summary>
    public int Followers
    {
        get
        {
            lock (_lock)
            {
                return _followers.Count;
            }
        }
    }

    /// <summary>How many changes there were.</summary>
    public long Published => Interlocked.Read(ref _next);

    /// <summary>Told of each change of this node, to pass it on to others; must return at once. Null for nobody.</summary>
    public Action<ServerEvent>? PassOn { get; set; }

    /// <summary>Told when somebody begins to follow.</summary>
    public Action? Followed { get; set; }

    /// <summary>Tells everybody of a change of this node. Never blocks on a follower.</summary>
    public void Publish(ServerEvent change)
    {
        PublishHere(change);
        PassOn?.Invoke(change);
    }

    /// <summary>Tells those who follow here of a change that another node passed on.</summary>
    public void PublishHere(ServerEvent change)
    {
        lock (_lock)
        {
            _ring[_next % _ring.Length] = change;
            _next++;
            foreach (var follower in _followers)
            {
                follower.Signal();
            }
        }
    }

    /// <summary>Begins to follow.</summary>
    /// <param name="filter">What is wanted.</param>
    /// <param name="cursor">Where an earlier subscription stood; null for from now on.</param>
    /// <returns>The subscription, or null when too many follow or the server stops.</returns>
    public EventSubscription? Subscribe(EventFilter filter, string? cursor)
    {
        EventSubscription subscription;
        lock (_lock)
        {
            if (_isCompleted || _followers.Count >= _maximumFollowers)
            {
                return null;
            }

            var resumed = cursor is null ? null : PositionOf(cursor);
            subscription = new EventSubscription(this, filter, resumed ?? _next, isReset: cursor is not null && resumed is null);
            _followers.Add(subscription);
        }

        Followed?.Invoke();
        return subscription;
    }

    /// <summary>Ends all subscriptions: the server stops.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isCompleted = true;
            foreach (var follower in _followers)
            {
                follower.Signal();
            }
        }
    }

    internal string CursorAt(long position) => string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{position}");

    internal void Remove(EventSubscription subscription)
    {
        lock (_lock)
        {
            _followers.Remove(subscription);
        }
    }

    /// <summary>Reads on from a position.</summary>
    /// <returns>The new position, or null when there is nothing more to come: the server stops, or the ring has overtaken the reader.</returns>
    internal long? Read(long position, int count, List<(long Position, ServerEvent Event)> into)
    {
        lock (_lock)
        {
            if (_isCompleted || _next - position > _ring.Length)
            {
                return null;
            }

            for (; position < _next && count > 0; position++, count--)
            {
                into.Add((position + 1, _ring[position % _ring.Length]));
            }

            return position;
        }
    }

    private long? PositionOf(string cursor)
    {
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && cursor.AsSpan(0, dash).SequenceEqual(_epoch)
            && long.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && position <= _next
            && _next - position <= _ring.Length
            ? position
            : null;
    }
}
