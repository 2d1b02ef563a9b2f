using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Hosted;

/// <summary>Limits of the hosted service.</summary>
/// <param name="TasksPerAttempt">The most tasks of an attempt, generated ones included.</param>
/// <param name="RunningTasks">The most tasks that run at once in an account.</param>
/// <param name="ParallelLimit">The most children of a parallel group that run at once.</param>
/// <param name="TaskNameBytes">The longest full name of a task, in bytes of UTF-8.</param>
/// <param name="ArchiveBytes">The largest archive, packed.</param>
/// <param name="ArchiveWarningBytes">From which size on an archive is close to that.</param>
/// <param name="TaskTime">The longest time a task may take.</param>
/// <param name="AttemptTime">The longest time an attempt may take.</param>
public sealed record HostedLimits(
    int TasksPerAttempt,
    int RunningTasks,
    int ParallelLimit,
    int TaskNameBytes,
    long ArchiveBytes,
    long ArchiveWarningBytes,
    Duration TaskTime,
    Duration AttemptTime)
{
    internal static HostedLimits Read(ConfigMap map) => new(
        map.GetInt32("tasksPerAttempt"),
        map.GetInt32("runningTasks"),
        map.GetInt32("parallelLimit"),
        map.GetInt32("taskNameBytes"),
        map.GetInt64("archiveBytes"),
        map.GetInt64("archiveWarningBytes"),
        Duration.FromHours(map.GetInt32("taskHours")),
        Duration.FromDays(map.GetInt32("attemptDays")));
}
