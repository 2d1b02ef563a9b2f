using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Hosted;

/// <summary>Limits of the hosted service.</summary>
/// <param name="TasksPerAttempt">The most tasks of an attempt, generated ones included.</param>
/// <param name="RunningTasks">The most tasks that run at once in an account.</param>
/// <param name="RunningAttempts">The most attempts that run at once in an account; that of the smallest large sites.</param>
/// <param name="ParallelLimit">The most children of a parallel group that run at once.</param>
/// <param name="TaskNameBytes">The longest full name of a task, in bytes of UTF-8.</param>
/// <param name="ArchiveBytes">The largest archive, packed.</param>
/// <param name="ArchiveWarningBytes">From which size on an archive is close to that.</param>
/// <param name="HttpBytes">The largest answer that <c>http&gt;</c> keeps.</param>
/// <param name="HttpCallBytes">The largest definition that <c>http_call&gt;</c> takes.</param>
/// <param name="TaskTime">The longest time a task may take.</param>
/// <param name="AttemptTime">The longest time an attempt may take.</param>
public sealed record HostedLimits(
    int TasksPerAttempt,
    int RunningTasks,
    int RunningAttempts,
    int ParallelLimit,
    int TaskNameBytes,
    long ArchiveBytes,
    long ArchiveWarningBytes,
    long HttpBytes,
    long HttpCallBytes,
    Duration TaskTime,
    Duration AttemptTime)
{
    internal static HostedLimits Read(ConfigMap map) => new(
        map.GetInt32("tasksPerAttempt"),
        map.GetInt32("runningTasks"),
        map.GetInt32("runningAttempts"),
        map.GetInt32("parallelLimit"),
        map.GetInt32("taskNameBytes"),
        map.GetInt64("archiveBytes"),
        map.GetInt64("archiveWarningBytes"),
        map.GetInt64("httpBytes"),
        map.GetInt64("httpCallBytes"),
        Duration.FromHours(map.GetInt32("taskHours")),
        Duration.FromDays(map.GetInt32("attemptDays")));
}
