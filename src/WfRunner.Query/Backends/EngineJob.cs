using System.Runtime.CompilerServices;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends;

/// <summary>
/// A query that this process itself runs on an engine: it begins at once, ends with its reader or its canceller, and keeps the last
/// statement's rows open until it is disposed. Who derives says what running, fetching and letting go mean on the engine.
/// </summary>
/// <param name="id">Id of the job.</param>
internal abstract class EngineJob(QueryJobId id) : IQueryJob
{
    private readonly CancellationTokenSource _cancellation = new();
    private Task<QueryResult> _running = null!;

    public QueryJobId Id { get; } = id;

    public Task<QueryJobStatus> PollAsync(CancellationToken cancellationToken) => Task.FromResult(_running switch
    {
        { IsCanceled: true } => QueryJobStatus.Cancelled,
        { IsFaulted: true } => QueryJobStatus.Failed,
        { IsCompleted: true } => QueryJobStatus.Succeeded,
        _ => QueryJobStatus.Running,
    });

    public async Task<QueryResult> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _cancellation);
        return await _running.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token);
        while (await NextRowsAsync(both.Token).ConfigureAwait(false) is { } chunk)
        {
            foreach (var row in chunk)
            {
                yield return row;
            }
        }
    }

    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (!_running.IsCompleted)
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }

        await ((Task)_running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await CancelAsync(CancellationToken.None).ConfigureAwait(false);
        await ReleaseAsync().ConfigureAwait(false);
        _cancellation.Dispose();
    }

    /// <summary>Begins. The last line of a constructor: what runs needs the fields.</summary>
    protected void Begin() => _running = StartAsync(_cancellation.Token);

    /// <summary>Runs the query up to its result.</summary>
    protected abstract Task<QueryResult> RunAsync(CancellationToken cancellationToken);

    /// <summary>The next rows of the result; null behind the last ones, and when there are none.</summary>
    protected abstract Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextRowsAsync(CancellationToken cancellationToken);

    /// <summary>Lets go of what the query held on the engine; it has ended.</summary>
    protected abstract ValueTask ReleaseAsync();

    // Whoever submits must not wait for the engine, nor get its failure from the constructor.
    private async Task<QueryResult> StartAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
