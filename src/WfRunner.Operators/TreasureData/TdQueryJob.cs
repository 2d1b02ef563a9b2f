using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>Starts the query jobs of operators whose rows decide something: no header comment, no target.</summary>
internal static class TdQueryJob
{
    /// <summary>The query of a task whose text is in a file or in the task.</summary>
    public static async Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken)
    {
        var text = (await TdQueryText.ReadAsync(task, cancellationToken).ConfigureAwait(false)).Text;
        return TdOptions.ReadJob(task.Parameters).Apply(task.Query(task.Database(), text, text, task.Request.Attempt.SessionTime));
    }

    /// <summary>Goes on with the job as far as is possible now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="job">The job.</param>
    /// <param name="options">Options of the job.</param>
    /// <param name="database">The database.</param>
    /// <param name="statement">The query; read only when it is submitted.</param>
    /// <param name="scheduledTime">The session time, where the query belongs to it.</param>
    /// <param name="level">How the start is logged.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public static Task<JobStep> AdvanceAsync(
        TdTask task,
        TaskJob job,
        TdOptions options,
        string database,
        Func<string> statement,
        Instant? scheduledTime,
        TaskLogLevel level,
        CancellationToken cancellationToken)
    {
        return job.AdvanceAsync(task.Scope(database), StartAsync, cancellationToken);

        async Task<IQueryJob> StartAsync(string domainKey, CancellationToken token)
        {
            var text = statement();
            var request = options.Apply(task.Query(database, text, text, scheduledTime)) with { DomainKey = domainKey };
            var started = await task.Backend.SubmitAsync(request, token).ConfigureAwait(false);
            task.Log.Write(level, $"Started {options.EngineName} job id={started.Id}:\n{text}");
            return started;
        }
    }
}
