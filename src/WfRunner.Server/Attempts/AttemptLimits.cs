using WfRunner.Core.Engine;

namespace WfRunner.Server.Attempts;

/// <summary>How many attempts there may be.</summary>
/// <param name="Running">The most unfinished attempts of a tenant that do not wait for their pools.</param>
/// <param name="Queued">The most attempts that wait for one pool.</param>
/// <param name="QueuesByItself">Whether schedules, backfills and tasks that require a workflow wait while a pool is full.</param>
/// <param name="Tasks">How many tasks an attempt may have.</param>
internal sealed record AttemptLimits(int Running, int Queued, bool QueuesByItself, TaskLimits Tasks)
{
    /// <summary>The most attempts that may wait for the pool of one with such a wish; 0: it may not wait.</summary>
    public int QueueOf(QueueWish wish) => wish switch
    {
        QueueWish.Always => Queued,
        QueueWish.AsConfigured when QueuesByItself => Queued,
        _ => 0,
    };
}
