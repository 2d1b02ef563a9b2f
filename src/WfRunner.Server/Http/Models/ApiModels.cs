using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Projects;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http.Models;

/// <summary>What the store holds, as the API shows it. Digdag behaviour: rest-api 6.</summary>
internal static class ApiModels
{
    public static readonly Model<(string Id, string Name)> IdAndName = new Model<(string Id, string Name)>("IdAndName", "A thing by id and name")
        .Field("id", Schema.Id, v => v.Id)
        .Text("name", v => v.Name);

    public static readonly Model<StoredAttempt> WorkflowOfAttempt = new Model<StoredAttempt>("NameOptionalId", "A workflow by name, and by id where it is stored")
        .Text("name", a => a.WorkflowName)
        .Field("id", Schema.Nullable(Schema.Id), a => a.WorkflowId.ToString());

    public static readonly Model<StoredProject> Project = new Model<StoredProject>("Project", "A project with its latest revision")
        .Id("id", p => p.Id)
        .Text("name", p => p.Name)
        .Text("revision", p => p.LatestRevision.Name)
        .Time("createdAt", p => p.CreatedAt)
        .Time("updatedAt", p => p.LatestRevision.CreatedAt)
        .TimeOrNull("deletedAt", p => p.DeletedAt)
        .Text("archiveType", p => p.LatestRevision.ArchiveType)
        .Field("archiveMd5", Schema.Nullable(Schema.Bytes), p => Md5(p.LatestRevision));

    public static readonly Model<StoredRevision> Revision = new Model<StoredRevision>("Revision", "A revision of a project")
        .Text("revision", r => r.Name)
        .Time("createdAt", r => r.CreatedAt)
        .Text("archiveType", r => r.ArchiveType)
        .Field("archiveMd5", Schema.Nullable(Schema.Bytes), Md5)
        .Object("userInfo", r => r.UserInfo);

    public static readonly Model<StoredWorkflow> Workflow = new Model<StoredWorkflow>("Workflow", "A workflow of a revision")
        .Id("id", w => w.Id)
        .Text("name", w => w.Definition.Name)
        .Of("project", IdAndName, w => (w.ProjectId.ToString(), w.ProjectName))
        .Text("revision", w => w.RevisionName)
        .Text("timezone", w => w.Definition.TimeZone.Id)
        .Object("config", w => w.Definition.ToConfig());

    public static readonly Model<WorkflowSessionTime> WorkflowSessionTime =
        new Model<WorkflowSessionTime>("WorkflowSessionTime", "A session time of a workflow")
            .Of("project", IdAndName, t => (t.Workflow.ProjectId.ToString(), t.Workflow.ProjectName))
            .Text("revision", t => t.Workflow.RevisionName)
            .ZonedTime("sessionTime", t => (t.Time, t.Workflow.Definition.TimeZone))
            .Text("timezone", t => t.Workflow.Definition.TimeZone.Id);

    public static readonly Model<StoredSchedule> Schedule = new Model<StoredSchedule>("Schedule", "A schedule of a workflow")
        .Id("id", s => s.Id)
        .Of("project", IdAndName, s => (s.ProjectId.ToString(), s.ProjectName))
        .Of("workflow", IdAndName, s => (s.WorkflowId.ToString(), s.WorkflowName))
        .Time("nextRunTime", s => s.Next.RunTime)
        .ZonedTime("nextScheduleTime", s => (s.Next.Time, s.TimeZone))
        .TimeOrNull("disabledAt", s => s.DisabledAt);

    public static readonly Model<StoredSchedule> ScheduleSummary = new Model<StoredSchedule>("ScheduleSummary", "A schedule after it was changed")
        .With(Schedule)
        .Time("createdAt", s => s.CreatedAt)
        .Time("updatedAt", s => s.UpdatedAt);

    public static readonly Model<StoredAttempt> LastAttempt = new Model<StoredAttempt>("SessionAttempt", "The last attempt of a session")
        .Id("id", a => a.Id)
        .TextOrNull("retryAttemptName", a => a.RetryAttemptName)
        .Flag("done", a => a.IsDone)
        .Flag("success", a => a.IsSuccess)
        .Flag("cancelRequested", a => a.IsCancelRequested)
        .Object("params", a => a.Params)
        .Time("createdAt", a => a.CreatedAt)
        .TimeOrNull("finishedAt", a => a.FinishedAt)
        .OptionalText("status", Schema.OneOf("queued"), a => a.IsQueued ? "queued" : null);

    public static readonly Model<StoredSession> Session = new Model<StoredSession>("Session", "A session with its last attempt")
        .Id("id", s => s.Id)
        .Of("project", IdAndName, s => (s.LastAttempt.ProjectId.ToString(), s.LastAttempt.ProjectName))
        .Of("workflow", WorkflowOfAttempt, s => s.LastAttempt)
        .Field("sessionUuid", Schema.Uuid, s => s.LastAttempt.SessionUuid.ToString())
        .ZonedTime("sessionTime", s => (s.LastAttempt.SessionTime, s.LastAttempt.TimeZone))
        .Of("lastAttempt", LastAttempt, s => s.LastAttempt);

    public static readonly Model<StoredAttempt> Attempt = new Model<StoredAttempt>("Attempt", "One execution of a session")
        .Id("id", a => a.Id)
        .Count("index", a => a.Index)
        .Of("project", IdAndName, a => (a.ProjectId.ToString(), a.ProjectName))
        .Of("workflow", WorkflowOfAttempt, a => a)
        .Id("sessionId", a => a.SessionId)
        .Field("sessionUuid", Schema.Uuid, a => a.SessionUuid.ToString())
        .ZonedTime("sessionTime", a => (a.SessionTime, a.TimeZone))
        .TextOrNull("retryAttemptName", a => a.RetryAttemptName)
        .Flag("done", a => a.IsDone)
        .Flag("success", a => a.IsSuccess)
        .Flag("cancelRequested", a => a.IsCancelRequested)
        .Object("params", a => a.Params)
        .Time("createdAt", a => a.CreatedAt)
        .TimeOrNull("finishedAt", a => a.FinishedAt)
        .Field("status", Schema.OneOf("queued", "running", "success", "error", "killed"), Status)
        .OptionalText("poolId", Schema.Id, a => a.Pool?.ToString());

    public static readonly Model<ScheduleAttempts> ScheduleAttempts = new Model<ScheduleAttempts>("ScheduleAttempts", "Attempts that a schedule was made to start")
        .Id("id", s => s.Schedule.Id)
        .Of("project", IdAndName, s => (s.Schedule.ProjectId.ToString(), s.Schedule.ProjectName))
        .Of("workflow", IdAndName, s => (s.Schedule.WorkflowId.ToString(), s.Schedule.WorkflowName))
        .ListOf("attempts", Attempt, s => s.Attempts);

    public static readonly ConfigMap TaskState = Schema.OneOf(Enum.GetValues<TaskState>().Select(s => s.ApiName()));

    public static readonly Model<TaskRecord> Task = new Model<TaskRecord>("Task", "A task of an attempt")
        .Id("id", t => t.Id)
        .Text("fullName", t => t.FullName)
        .IdOrNull("parentId", t => t.ParentId)
        .Object("config", t => t.ExportConfig.IsEmpty ? t.LocalConfig : t.LocalConfig.With("_export", t.ExportConfig))
        .Field("upstreams", Schema.ListOf(Schema.Id), t => new ConfigList(t.Upstreams.Select(u => new ConfigText(u.ToString()))))
        .Flag("isGroup", t => t.IsGroup)
        .Field("state", TaskState, t => t.State.ApiName())
        .Flag("cancelRequested", t => t.IsCancelRequested)
        .Object("exportParams", t => t.ExportConfig.Merge(t.Result.ExportParams))
        .Object("storeParams", t => t.Result.StoreParams)
        .Object("stateParams", t => t.StateParams)
        .Time("updatedAt", t => t.UpdatedAt)
        .TimeOrNull("retryAt", t => t.RetryAt)
        .TimeOrNull("startedAt", t => t.StartedAt)
        .Object("error", t => t.Error);

    public static readonly Model<TaskLogEntry> LogFile = new Model<TaskLogEntry>("LogFileHandle", "A log file of a task")
        .Text("fileName", f => f.FileName)
        .Count("fileSize", f => f.Size)
        .Text("taskName", f => f.TaskName)
        .Time("fileTime", f => f.Time)
        .Text("agentId", f => f.AgentId)
        .Field("direct", Schema.Nullable(Schema.Text), f => f.Direct is { } address ? new ConfigText(address.AbsoluteUri) : ConfigNull.Instance);

    public static readonly Model<string> SecretKey = new Model<string>("SecretKey", "Name of a secret").Text("key", k => k);

    public static readonly Model<(string Key, StoredProject Project)> Secret =
        new Model<(string Key, StoredProject Project)>("Secret", "A secret of a project, without its value")
            .Text("key", s => s.Key)
            .Of("project", IdAndName, s => (s.Project.Id.ToString(), s.Project.Name));

    public static readonly Model<string> Version = new Model<string>("Version", "The version whose API is spoken").Text("version", v => v);

    public static readonly Model<VersionCheck> VersionCheck = new Model<VersionCheck>("VersionCheck", "Whether a client suits the server")
        .Text("serverVersion", v => v.ServerVersion)
        .Flag("upgradeRecommended", v => v.IsUpgradeRecommended)
        .Flag("apiCompatible", v => v.IsCompatible);

    public static readonly Model<(string? Message, int Status)> Error = new Model<(string? Message, int Status)>("Error", "Why a request was refused")
        .TextOrNull("message", e => e.Message)
        .Field("status", Schema.Int32, e => (long)e.Status);

    public static readonly Model<IEnumerable<StoredProject>> Projects = Collection("ProjectCollection", "projects", Project);

    public static readonly Model<PushedProject> PushedProject = new Model<PushedProject>("PushedProject", "A project after a push")
        .With(Project, p => p.Project)
        .Optional("warnings", Schema.ListOf(Schema.Text), p => p.Warnings.Count == 0 ? null : new ConfigList(p.Warnings.Select(w => new ConfigText(w))));

    public static readonly Model<RevisionPage> Pagination = new Model<RevisionPage>("Pagination", "How a list goes on")
        .OptionalText("nextPage", Schema.Text, p => p.Next);

    public static readonly Model<RevisionPage> Revisions = new Model<RevisionPage>("RevisionCollection", "A page of revisions")
        .ListOf("revisions", Revision, p => p.Revisions)
        .Optional("pagination", Schema.Reference(Pagination), p => p.IsPaged ? Pagination!.Show(p) : null);

    public static readonly Model<IEnumerable<StoredWorkflow>> Workflows = Collection("WorkflowCollection", "workflows", Workflow);

    public static readonly Model<IEnumerable<StoredSchedule>> Schedules = Collection("ScheduleCollection", "schedules", Schedule);

    public static readonly Model<IEnumerable<StoredSession>> Sessions = Collection("SessionCollection", "sessions", Session);

    public static readonly Model<IEnumerable<StoredAttempt>> Attempts = Collection("AttemptCollection", "attempts", Attempt);

    public static readonly Model<IEnumerable<TaskRecord>> Tasks = Collection("TaskCollection", "tasks", Task);

    public static readonly Model<IEnumerable<TaskLogEntry>> LogFiles = Collection("LogFileHandleCollection", "files", LogFile);

    public static readonly Model<IEnumerable<string>> Secrets = Collection("SecretList", "secrets", SecretKey);

    /// <summary>Every model of Digdag's API that answers are made of.</summary>
    public static readonly IReadOnlyList<IModel> All =
    [
        IdAndName, WorkflowOfAttempt, Project, Revision, Workflow, WorkflowSessionTime, Schedule, ScheduleSummary, LastAttempt, Session,
        Attempt, ScheduleAttempts, Task, LogFile, SecretKey, Secret, Version, VersionCheck, Error, Projects, PushedProject, Pagination, Revisions, Workflows,
        Schedules, Sessions, Attempts, Tasks, LogFiles, Secrets,
    ];

    private static Model<IEnumerable<T>> Collection<T>(string name, string key, Model<T> item) =>
        new Model<IEnumerable<T>>(name, $"A page of {key}").ListOf(key, item, items => items);

    private static ConfigValue Status(StoredAttempt attempt) => attempt switch
    {
        { IsSuccess: true } => "success",
        { IsDone: true, IsCancelRequested: true } => "killed",
        { IsDone: true } => "error",
        { IsQueued: true } => "queued",
        _ => "running",
    };

    private static ConfigValue Md5(StoredRevision revision) =>
        revision.ArchiveMd5 is { } sum ? Convert.ToBase64String(sum.Span) : ConfigNull.Instance;
}
