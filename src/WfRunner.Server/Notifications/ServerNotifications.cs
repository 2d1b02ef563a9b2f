using System.Threading.Channels;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Notifications;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Metrics;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Notifications;

/// <summary>
/// Tells people what no task can tell them. One after another and aside, so that a receiver that is slow or away holds nothing up.
/// Digdag behaviour: engine 19; there a time-out's notification holds the enforcer up.
/// </summary>
internal sealed class ServerNotifications : IAsyncDisposable
{
    private const int MaximumWaiting = 1000;

    // What a stop gives a receiver that is there; one that is away is not waited for.
    private static readonly TimeSpan TimeAtTheEnd = TimeSpan.FromSeconds(10);

    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _end = new();
    private readonly Notifier? _notifier;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly ServerMeter _meter;
    private readonly ITaskLog _log;
    private readonly Task _sender;

    public ServerNotifications(Notifier? notifier, IClock clock, TimeProvider timers, ServerMeter meter, LogOutput log)
    {
        _notifier = notifier;
        _clock = clock;
        _timers = timers;
        _meter = meter;
        _log = log.ForThread("notification");
        _sender = notifier is null ? Task.CompletedTask : Task.Run(SendAsync);
    }

    /// <summary>Tells people about an attempt, if anybody is to be told anything.</summary>
    public void Send(string message, StoredAttempt attempt)
    {
        var notification = new Notification
        {
            Timestamp = _clock.GetCurrentInstant(),
            Message = message,
            Attempt = attempt.ToInfo(ConfigMap.Empty),
        };
        if (_notifier is not null && !_waiting.Writer.TryWrite(notification))
        {
            _meter.Notified(isSent: false);
            _log.Write(TaskLogLevel.Error, $"Too many notifications wait to be sent; this one is not: {message} (attempt {attempt.Id})");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _sender.WaitAsync(TimeAtTheEnd, _timers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync().ConfigureAwait(false);
        await _sender.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task SendAsync()
    {
        await foreach (var notification in _waiting.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
        {
            try
            {
                await _notifier!.SendAsync(notification, _log, _end.Token).ConfigureAwait(false);
                _meter.Notified(isSent: true);
            }
            catch (Exception e) when (e is WorkflowException or OperationCanceledException)
            {
                _meter.Notified(isSent: false);
                _log.Write(
                    TaskLogLevel.Error,
                    $"Failed to send notification for attempt: {notification.Attempt?.AttemptId}: {notification.Message}\n"
                    + (e is WorkflowException failure ? FailureText.Describe(failure) : "The server stopped"));
            }
        }
    }
}
