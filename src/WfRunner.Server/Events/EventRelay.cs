using System.Text;
using System.Threading.Channels;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Storage.Signals;

namespace WfRunner.Server.Events;

/// <summary>
/// Passes the changes of this node on to the nodes where somebody follows them, and theirs to those who follow here. Who follows says so,
/// and says it again from time to time; while nobody does, nothing is sent. Changes go in groups, a few times a second.
/// </summary>
internal sealed class EventRelay : IAsyncDisposable
{
    private const string FollowKind = "follow";
    private const int Kept = 4096;

    private static readonly Duration FollowTime = Duration.FromSeconds(60);
    private static readonly Duration FollowAgain = Duration.FromSeconds(20);
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(100);

    private readonly EventHub _hub;
    private readonly IStoreSignals _signals;
    private readonly string _node;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ConfigMap> _outbox = Channel.CreateBounded<ConfigMap>(
        new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Lock _lock = new();
    private Instant _followedUntil = Instant.MinValue;
    private Instant _saidAt = Instant.MinValue;
    private Task _loop = Task.CompletedTask;

    public EventRelay(EventHub hub, IStoreSignals signals, string node, IClock clock, TimeProvider timers)
    {
        _hub = hub;
        _signals = signals;
        _node = node;
        _clock = clock;
        _timers = timers;
        hub.PassOn = PassOn;
        hub.Followed = SayThatFollowed;
    }

    public void Start() => _loop = LoopAsync(_stop.Token);

    /// <summary>Takes in what a node sent.</summary>
    public void Receive(string text)
    {
        if (Parse(text) is not { } message || message["from"] is ConfigText { Value: var from } && from == _node)
        {
            return;
        }

        if (message.Has(FollowKind))
        {
            lock (_lock)
            {
                _followedUntil = _clock.GetCurrentInstant() + FollowTime;
            }

            return;
        }

        foreach (var change in (message["events"] as ConfigList)?.Items.OfType<ConfigMap>() ?? [])
        {
            if (TryRead(change) is { } read)
            {
                _hub.PublishHere(read);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void PassOn(ServerEvent change)
    {
        var now = _clock.GetCurrentInstant();
        bool isFollowed;
        lock (_lock)
        {
            isFollowed = now < _followedUntil;
        }

        if (isFollowed)
        {
            _outbox.Writer.TryWrite(EventText.Write(change));
        }

        // Whoever follows here for long says so again on occasion of the first change after a while.
        if (_hub.Followers > 0)
        {
            SayThatFollowed();
        }
    }

    private void SayThatFollowed()
    {
        var now = _clock.GetCurrentInstant();
        lock (_lock)
        {
            if (now - _saidAt < FollowAgain && now >= _saidAt)
            {
                return;
            }

            _saidAt = now;
        }

        _outbox.Writer.TryWrite(ConfigMap.Of((FollowKind, true)));
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await IsSomethingToSayAsync(cancellationToken).ConfigureAwait(false))
                {
                    await _signals.SendAsync(TakeAll(), cancellationToken).ConfigureAwait(false);
                    await Task.Delay(GroupTime, _timers, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (WorkflowException)
            {
                // A follower whose changes are lost asks again when it notices; nothing depends on them.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Followers that see no change of this node must be announced again all the same.
    private async Task<bool> IsSomethingToSayAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(FollowAgain.ToTimeSpan(), _timers);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await _outbox.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (_hub.Followers > 0)
            {
                SayThatFollowed();
            }

            return false;
        }
    }

    private List<string> TakeAll()
    {
        var (texts, group, length) = (new List<string>(), new List<ConfigValue>(), 0);
        while (_outbox.Reader.TryRead(out var next))
        {
            if (next.Has(FollowKind))
            {
                texts.Add(ConfigJson.Write(next.With("from", _node)));
                continue;
            }

            var bytes = Encoding.UTF8.GetByteCount(ConfigJson.Write(next)) + 1;
            if (length + bytes > IStoreSignals.MaximumBytes - 300)
            {
                Close();
            }

            group.Add(next);
            length += bytes;
        }

        Close();
        return texts;

        void Close()
        {
            if (group.Count > 0)
            {
                texts.Add(ConfigJson.Write(ConfigMap.Of(("from", _node), ("events", new ConfigList([.. group])))));
                (group, length) = ([], 0);
            }
        }
    }

    // What a newer or older version sends must not end anything here.
    private static ServerEvent? TryRead(ConfigMap text)
    {
        try
        {
            return EventText.Read(text);
        }
        catch (WorkflowException)
        {
            return null;
        }
    }

    private static ConfigMap? Parse(string text)
    {
        try
        {
            return ConfigJson.Parse(text) as ConfigMap;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
