using Npgsql;
using WfRunner.Storage.Signals;

namespace WfRunner.Storage.PostgreSql;

/// <summary>
/// Hears what other nodes do, on a connection of its own that is made again whenever it breaks. Between the connections signals are
/// lost, so the first thing said on a new one is that everything is worth a look.
/// </summary>
internal sealed class SignalListener(PostgreSqlDatabase database) : IStoreSignals, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Listen(Action<StoreSignal> receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _loop = LoopAsync(receiver, _stop.Token);
    }

    public Task SendAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        database.ReadAsync((s, c) => SignalText.SendMessagesAsync(s, texts, c), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync(Action<StoreSignal> receiver, CancellationToken cancellationToken)
    {
        var connectionString = database.Settings.ToConnectionString();
        connectionString.Pooling = false;
        connectionString.ApplicationName += " (signals)";
        var source = PostgreSqlDatabase.Source(connectionString);
        await using (source.ConfigureAwait(false))
        {
            var (pause, isLost) = (FirstPause, false);
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await HearAsync(source, receiver, () => (pause, isLost) = (FirstPause, false), cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (PostgreSqlFailure.Is(e))
                {
                    if (!isLost)
                    {
                        receiver(new StoreSignal.Lost(PostgreSqlFailure.Explain(database.Settings, e).Message));
                        isLost = true;
                    }

                    await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
    }

    private static async Task HearAsync(NpgsqlDataSource source, Action<StoreSignal> receiver, Action connected, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.Notification += (_, what) =>
            {
                if (SignalText.Read(what.Payload) is { } signal)
                {
                    receiver(signal);
                }
            };
            var session = new PostgreSqlSession(connection);
            await session.ScriptAsync(
                $"DO $$ BEGIN EXECUTE format('LISTEN %I', {SignalText.Channel}); END $$", cancellationToken).ConfigureAwait(false);
            connected();
            receiver(new StoreSignal.Restored());
            while (true)
            {
                await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
