using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Server.Events;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Models;

/// <summary>Live events, as the API shows them.</summary>
internal static class EventModels
{
    public static readonly Model<AttemptChanged> Attempt = new Model<AttemptChanged>(
        "AttemptEvent", "Data of the events session and attempt: an attempt began, is asked to stop, or ended")
        .Id("attemptId", e => e.Id)
        .Id("sessionId", e => e.Session)
        .Id("projectId", e => e.Project)
        .Text("workflowName", e => e.WorkflowName)
        .ZonedTime("sessionTime", e => (e.SessionTime, e.TimeZone))
        .Field("status", Schema.OneOf("queued", "running", "success", "error", "canceling", "canceled"), e => e.Status)
        .Flag("done", e => e.IsDone)
        .Flag("success", e => e.IsSuccess)
        .Flag("cancelRequested", e => e.IsCancelRequested)
        .Time("createdAt", e => e.CreatedAt)
        .TimeOrNull("finishedAt", e => e.FinishedAt);

    public static readonly Model<TaskChanged> Task = new Model<TaskChanged>("TaskEvent", "Data of the event task: a task came to be or changed its state")
        .Id("attemptId", e => e.AttemptId)
        .Id("sessionId", e => e.Session)
        .Id("projectId", e => e.Project)
        .Id("taskId", e => e.Id)
        .Text("fullName", e => e.FullName)
        .IdOrNull("parentId", e => e.ParentId)
        .Field("state", ApiModels.TaskState, e => e.State.ApiName())
        .Flag("isGroup", e => e.IsGroup)
        .Time("updatedAt", e => e.UpdatedAt)
        .TimeOrNull("startedAt", e => e.StartedAt);

    public static readonly Model<LogAppended> Log = new Model<LogAppended>("LogEvent", "Data of the event log: more of a task's log can be read")
        .Id("attemptId", e => e.AttemptId)
        .Text("taskName", e => e.TaskName)
        .Count("bytes", e => e.Bytes);

    public static readonly Model<ScheduleChanged> Schedule = new Model<ScheduleChanged>("ScheduleEvent", "Data of the event schedule: a schedule changed")
        .Id("scheduleId", e => e.Schedule)
        .Id("projectId", e => e.Project);

    public static readonly Model<ProjectChanged> Project = new Model<ProjectChanged>(
        "ProjectEvent", "Data of the event project: a project got a revision, or was deleted (revision null)")
        .Id("projectId", e => e.Project)
        .TextOrNull("revision", e => e.Revision);

    public static readonly IReadOnlyList<IModel> All = [Attempt, Task, Log, Schedule, Project];

    /// <summary>The names under which a change is sent, and its data.</summary>
    public static (IReadOnlyList<string> Names, ConfigMap Data) Show(ServerEvent change) => change switch
    {
        AttemptChanged e => (["attempt", "session"], Attempt.Show(e)),
        TaskChanged e => (["task"], Task.Show(e)),
        LogAppended e => (["log"], Log.Show(e)),
        ScheduleChanged e => (["schedule"], Schedule.Show(e)),
        ProjectChanged e => (["project"], Project.Show(e)),
        _ => throw new InvalidOperationException($"unknown event {change}"),
    };
}
