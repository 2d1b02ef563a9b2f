using WfRunner.Core.Config;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Http.Models;

/// <summary>How the server is doing, as the API shows it. All of it is an addition to Digdag's API.</summary>
internal static class OverviewModels
{
    public static readonly Model<ServerFeatures> Features = new Model<ServerFeatures>("Features", "What a server can do besides Digdag's API")
        .Field("features", Schema.ListOf(Schema.Text), f => new ConfigList(f.Features.Select(n => new ConfigText(n))))
        .Text("version", f => f.Version)
        .Text("basePath", f => f.BasePath);

    public static readonly Model<StoredSession> HistoryEntry = new Model<StoredSession>("HistoryEntry", "A session in a workflow's history")
        .Id("sessionId", s => s.Id)
        .Id("attemptId", s => s.LastAttempt.Id)
        .ZonedTime("sessionTime", s => (s.LastAttempt.SessionTime, s.LastAttempt.TimeZone))
        .Field("status", Schema.OneOf("queued", "running", "success", "error", "canceling", "canceled"), s => Status(s.LastAttempt))
        .Time("startedAt", s => s.LastAttempt.CreatedAt)
        .TimeOrNull("finishedAt", s => s.LastAttempt.FinishedAt);

    public static readonly Model<IEnumerable<StoredSession>> History =
        new Model<IEnumerable<StoredSession>>("WorkflowHistory", "Sessions of a workflow, newest first").ListOf("sessions", HistoryEntry, s => s);

    public static readonly Model<TaskTypical> TaskTypical = new Model<TaskTypical>("TaskTypical", "How long a task usually takes")
        .Text("fullName", t => t.FullName)
        .Count("runs", t => t.Runs)
        .Count("medianMilliseconds", t => (long)t.Median.TotalMilliseconds);

    public static readonly Model<IEnumerable<TaskTypical>> TaskTypicals =
        new Model<IEnumerable<TaskTypical>>("TaskTypicals", "How long tasks took in the last successful runs, by name").ListOf("tasks", TaskTypical, t => t);

    public static readonly Model<NodeStatus> Node = new Model<NodeStatus>("Node", "A server that runs attempts")
        .Text("name", n => n.Name)
        .Time("since", n => n.Since)
        .Count("attempts", n => n.Attempts)
        .Count("tasks", n => n.Tasks);

    public static readonly Model<ServerOverview> Overview = new Model<ServerOverview>("Overview", "How the server is doing")
        .Count("running", o => o.Attempts.Running)
        .Count("failed24h", o => o.Attempts.Failed)
        .Count("queued", o => o.Attempts.Queued)
        .Count("lateSchedules", o => o.LateSchedules)
        .ListOf("dueSoon", ApiModels.Schedule, o => o.NextSchedules)
        .ListOf("nodes", Node, o => o.Nodes);

    public static readonly Model<ServerStatus> ServerStatus = new Model<ServerStatus>("ServerStatus", "How the server is set up and what it does")
        .Text("version", _ => ServerVersion.Own)
        .Text("compatibleVersion", _ => ServerVersion.Compatible)
        .Time("startedAt", s => s.StartedAt)
        .Text("node", s => s.Node)
        .Text("store", s => s.Store)
        .Count("storeVersion", s => s.StoreVersion)
        .Count("running", s => s.Attempts.Running)
        .Count("queued", s => s.Attempts.Queued)
        .Count("followers", s => s.Followers)
        .ListOf("nodes", Node, s => s.Nodes)
        .Of("leases", LeaseModels.Leases, s => s.Leases)
        .Of("queue", LeaseModels.Queue, s => s.Queue)
        .Object("limits", s => s.Limits)
        .Object("settings", s => s.Settings);

    public static readonly IReadOnlyList<IModel> All = [Features, HistoryEntry, History, TaskTypical, TaskTypicals, Node, .. LeaseModels.All, Overview, ServerStatus];

    private static string Status(StoredAttempt attempt) => Events.AttemptChanged.Of(attempt).Status;
}
