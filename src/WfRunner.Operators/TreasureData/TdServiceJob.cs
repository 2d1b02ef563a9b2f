using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Operators.TreasureData.Results;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The life of jobs that only Treasure Data has and whose rows do not matter: loads, exports, deletes.</summary>
internal static class TdServiceJob
{
    /// <summary>Goes on as far as is possible now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="database">The database; empty where none is needed.</param>
    /// <param name="start">Submits the job with a domain key and says so.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public static async Task<OperatorOutcome> AdvanceAsync(
        TdTask task, string database, Func<string, CancellationToken, Task<QueryJobId>> start, CancellationToken cancellationToken)
    {
        var scope = task.Scope(database);
        var step = await new TaskJob(task, "job").AdvanceAsync(
            scope,
            async (domainKey, token) => task.Backend.Attach(await start(domainKey, token).ConfigureAwait(false), scope),
            cancellationToken).ConfigureAwait(false);
        return step is JobStep.Finished finished
            ? await new TdJobResult(task, database, TdResultOptions.None).UseAsync(finished.Job, cancellationToken).ConfigureAwait(false)
            : ((JobStep.Waiting)step).Outcome;
    }
}
