using System.Text;
using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Server.Events;
using WfRunner.Server.Http.Models;

namespace WfRunner.Server.Http;

/// <summary>
/// Writes one follower's events until it goes, is too slow, or the server stops. A client that does not read for long is cut off; it
/// resumes with the cursor it has.
/// </summary>
internal sealed class EventStream(HttpContext http, EventSubscription subscription, IClock clock, TimeProvider timers)
{
    /// <summary>After how long without an event a comment is sent, so that nobody on the way takes the connection for dead.</summary>
    public static readonly Duration Heartbeat = Duration.FromSeconds(15);

    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _text = new();

    public async Task RunAsync()
    {
        var gone = http.RequestAborted;
        _text.Append("retry: 2000\n");
        if (subscription.IsReset)
        {
            Append("reset", subscription.Cursor, ConfigMap.Empty);
        }
        else
        {
            AppendCursor();
        }

        await WriteAsync().ConfigureAwait(false);
        var quietUntil = clock.GetCurrentInstant() + Heartbeat;
        while (subscription.Take() is { } events)
        {
            foreach (var (cursor, change) in events)
            {
                var (names, data) = EventModels.Show(change);
                for (var i = 0; i < names.Count; i++)
                {
                    // Only the last one moves the cursor: who is cut off in between gets all of them again.
                    Append(names[i], i == names.Count - 1 ? cursor : null, data);
                }
            }

            if (_text.Length == 0 && clock.GetCurrentInstant() >= quietUntil)
            {
                _text.Append(":\n");
                AppendCursor();
            }

            if (_text.Length > 0)
            {
                await WriteAsync().ConfigureAwait(false);
                quietUntil = clock.GetCurrentInstant() + Heartbeat;
            }
            else
            {
                await subscription.WaitAsync(quietUntil, clock, timers, gone).ConfigureAwait(false);
            }
        }
    }

    private void Append(string name, string? cursor, ConfigMap data)
    {
        if (cursor is not null)
        {
            _text.Append("id: ").Append(cursor).Append('\n');
        }

        _text.Append("event: ").Append(name).Append("\ndata: ");
        ConfigJson.Append(_text, data);
        _text.Append("\n\n");
    }

    // Moves the client's cursor without telling it anything.
    private void AppendCursor() => _text.Append("id: ").Append(subscription.Cursor).Append("\n\n");

    private async Task WriteAsync()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.Clear();
        using var limit = new CancellationTokenSource(WriteTimeout, timers);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, limit.Token);
        try
        {
            await http.Response.Body.WriteAsync(bytes, either.Token).ConfigureAwait(false);
            await http.Response.Body.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            http.Abort();
            throw;
        }
    }
}
