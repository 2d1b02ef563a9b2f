using System.Runtime.CompilerServices;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Results;

/// <summary>Counts the rows that are read of a job, for engines that do not.</summary>
internal sealed class CountingJob(IQueryJob job) : IQueryJob
{
    public long Count { get; private set; }

    public QueryJobId Id => job.Id;

    public Task<QueryJobStatus> PollAsync(CancellationToken cancellationToken) => job.PollAsync(cancellationToken);

    public Task<QueryResult> WaitAsync(CancellationToken cancellationToken) => job.WaitAsync(cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Count = 0;
        await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
        {
            Count++;
            yield return row;
        }
    }

    public Task CancelAsync(CancellationToken cancellationToken) => job.CancelAsync(cancellationToken);

    public ValueTask DisposeAsync() => job.DisposeAsync();
}
