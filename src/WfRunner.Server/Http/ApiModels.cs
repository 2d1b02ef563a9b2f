using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http;

/// <summary>What the store holds, as the API shows it. Digdag behaviour: rest-api 6.</summary>
internal static class ApiModels
{
    public static ConfigMap Project(StoredProject project) => ConfigMap.Of(
        ("id", project.Id.ToString()),
        ("name", project.Name),
        ("revision", project.LatestRevision.Name),
        ("createdAt", ApiTime.Write(project.CreatedAt)),
        ("updatedAt", ApiTime.Write(project.LatestRevision.CreatedAt)),
        ("deletedAt", ApiTime.Write(project.DeletedAt)),
        ("archiveType", project.LatestRevision.ArchiveType),
        ("archiveMd5", Md5(project.LatestRevision)));

    public static ConfigMap Revision(StoredRevision revision) => ConfigMap.Of(
        ("revision", revision.Name),
        ("createdAt", ApiTime.Write(revision.CreatedAt)),
        ("archiveType", revision.ArchiveType),
        ("archiveMd5", Md5(revision)),
        ("userInfo", revision.UserInfo));

    public static ConfigMap Workflow(StoredWorkflow workflow) => ConfigMap.Of(
        ("id", workflow.Id.ToString()),
        ("name", workflow.Definition.Name),
        ("project", IdAndName(workflow.ProjectId, workflow.ProjectName)),
        ("revision", workflow.RevisionName),
        ("timezone", workflow.Definition.TimeZone.Id),
        ("config", workflow.Definition.Config));

    public static ConfigMap Schedule(StoredSchedule schedule) => ConfigMap.Of(
        ("id", schedule.Id.ToString()),
        ("project", IdAndName(schedule.ProjectId, schedule.ProjectName)),
        ("workflow", IdAndName(schedule.WorkflowId, schedule.WorkflowName)),
        ("nextRunTime", ApiTime.Write(schedule.Next.RunTime)),
        ("nextScheduleTime", ApiTime.Write(schedule.Next.Time, schedule.TimeZone)),
        ("disabledAt", ApiTime.Write(schedule.DisabledAt)));

    public static ConfigMap ScheduleSummary(StoredSchedule schedule) => Schedule(schedule)
        .With("createdAt", ApiTime.Write(schedule.CreatedAt))
        .With("updatedAt", ApiTime.Write(schedule.UpdatedAt));

    public static ConfigMap ScheduleAttempts(StoredSchedule schedule, IEnumerable<StoredAttempt> attempts) => ConfigMap.Of(
        ("id", schedule.Id.ToString()),
        ("project", IdAndName(schedule.ProjectId, schedule.ProjectName)),
        ("workflow", IdAndName(schedule.WorkflowId, schedule.WorkflowName)),
        ("attempts", new ConfigList(attempts.Select(Attempt))));

    public static ConfigMap Session(StoredSession session)
    {
        var last = session.LastAttempt;
        return ConfigMap.Of(
            ("id", session.Id.ToString()),
            ("project", IdAndName(last.ProjectId, last.ProjectName)),
            ("workflow", NameAndId(last)),
            ("sessionUuid", last.SessionUuid.ToString()),
            ("sessionTime", ApiTime.Write(last.SessionTime, last.TimeZone)),
            ("lastAttempt", ConfigMap.Of(
                ("id", last.Id.ToString()),
                ("retryAttemptName", TextOrNull(last.RetryAttemptName)),
                ("done", last.IsDone),
                ("success", last.IsSuccess),
                ("cancelRequested", last.IsCancelRequested),
                ("params", last.Params),
                ("createdAt", ApiTime.Write(last.CreatedAt)),
                ("finishedAt", ApiTime.Write(last.FinishedAt)))));
    }

    public static ConfigMap Attempt(StoredAttempt attempt) => ConfigMap.Of(
        ("id", attempt.Id.ToString()),
        ("index", (long)attempt.Index),
        ("project", IdAndName(attempt.ProjectId, attempt.ProjectName)),
        ("workflow", NameAndId(attempt)),
        ("sessionId", attempt.SessionId.ToString()),
        ("sessionUuid", attempt.SessionUuid.ToString()),
        ("sessionTime", ApiTime.Write(attempt.SessionTime, attempt.TimeZone)),
        ("retryAttemptName", TextOrNull(attempt.RetryAttemptName)),
        ("done", attempt.IsDone),
        ("success", attempt.IsSuccess),
        ("cancelRequested", attempt.IsCancelRequested),
        ("params", attempt.Params),
        ("createdAt", ApiTime.Write(attempt.CreatedAt)),
        ("finishedAt", ApiTime.Write(attempt.FinishedAt)),
        ("status", Status(attempt)));

    public static ConfigMap Task(TaskRecord task) => ConfigMap.Of(
        ("id", task.Id.ToString()),
        ("fullName", task.FullName),
        ("parentId", TextOrNull(task.ParentId?.ToString())),
        ("config", task.ExportConfig.IsEmpty ? task.LocalConfig : task.LocalConfig.With("_export", task.ExportConfig)),
        ("upstreams", new ConfigList(task.Upstreams.Select(u => new ConfigText(u.ToString())))),
        ("isGroup", task.IsGroup),
        ("state", task.State.ApiName()),
        ("cancelRequested", task.IsCancelRequested),
        ("exportParams", task.ExportConfig.Merge(task.Result.ExportParams)),
        ("storeParams", task.Result.StoreParams),
        ("stateParams", task.StateParams),
        ("updatedAt", ApiTime.Write(task.UpdatedAt)),
        ("retryAt", ApiTime.Write(task.RetryAt)),
        ("startedAt", ApiTime.Write(task.StartedAt)),
        ("error", task.Error));

    public static ConfigMap LogFile(TaskLogEntry file) => ConfigMap.Of(
        ("fileName", file.FileName),
        ("fileSize", file.Size),
        ("taskName", file.TaskName),
        ("fileTime", ApiTime.Write(file.Time)),
        ("agentId", file.AgentId),
        ("direct", ConfigNull.Instance));

    public static ConfigMap Collection<T>(string name, IEnumerable<T> items, Func<T, ConfigMap> show) =>
        ConfigMap.Of((name, new ConfigList(items.Select(show))));

    public static ConfigMap IdAndName<TId>(TId id, string name)
        where TId : struct => ConfigMap.Of(("id", id.ToString()!), ("name", name));

    private static ConfigMap NameAndId(StoredAttempt attempt) =>
        ConfigMap.Of(("name", attempt.WorkflowName), ("id", attempt.WorkflowId.ToString()));

    private static string Status(StoredAttempt attempt) => attempt switch
    {
        { IsSuccess: true } => "success",
        { IsDone: true, IsCancelRequested: true } => "killed",
        { IsDone: true } => "error",
        _ => "running",
    };

    private static ConfigValue Md5(StoredRevision revision) =>
        revision.ArchiveMd5 is { } sum ? Convert.ToBase64String(sum.Span) : ConfigNull.Instance;

    private static ConfigValue TextOrNull(string? text) => text is null ? ConfigNull.Instance : new ConfigText(text);
}
