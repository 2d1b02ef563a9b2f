using System.Globalization;
using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;

namespace WfRunner.Storage.Rows;

/// <summary>Puts what is overdue together.</summary>
internal static class OverdueTasks
{
    /// <summary>The states in which a task's time counts: parents that only wait for their children are left alone.</summary>
    public static readonly string States = string.Create(
        CultureInfo.InvariantCulture, $"{(int)TaskState.Running}, {(int)TaskState.RetryWaiting}, {(int)TaskState.GroupRetryWaiting}");

    /// <summary>Attempts that are too old themselves, and those with tasks that are; each once.</summary>
    public static IReadOnlyList<OverdueAttempt> Join(
        IReadOnlyList<StoredAttempt> old, IReadOnlyList<(StoredAttempt Attempt, TaskId Task)> withTasks, int count) =>
    [
        .. old.Select(a => new OverdueAttempt(a, []))
            .Concat(withTasks
                .GroupBy(t => t.Attempt.Id)
                .Where(g => old.All(a => a.Id != g.Key))
                .Select(g => new OverdueAttempt(g.First().Attempt, [.. g.Select(t => t.Task)])))
            .OrderBy(o => o.Attempt.Id.Value)
            .Take(count),
    ];

    /// <summary>The earlier of two times that are in milliseconds, each with the time that may pass after it.</summary>
    public static Instant? Earliest(long? attempt, Duration attemptTime, long? task, Duration taskTime)
    {
        var first = After(attempt, attemptTime);
        var second = After(task, taskTime);
        return first is { } a && second is { } b ? Instant.Min(a, b) : first ?? second;

        static Instant? After(long? start, Duration time) => start is { } from ? Instant.FromUnixTimeMilliseconds(from) + time : null;
    }
}
