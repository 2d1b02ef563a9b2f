using NodaTime;
using WfRunner.Runtime.TaskLogs;

namespace WfRunner.Runtime.Local;

/// <summary>Logs of a local run's tasks in files of their own. Digdag behaviour: cli-local 8.11.</summary>
/// <param name="Store">The files.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Zone">The zone of times in the files.</param>
public sealed record LocalTaskLogs(TaskLogStore Store, IClock Clock, DateTimeZone Zone);
