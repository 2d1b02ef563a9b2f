using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Overview;

namespace WfRunner.Server.Http.Models;

/// <summary>Leases and what waits, as the status of a server shows them.</summary>
internal static class LeaseModels
{
    public static readonly Model<HeldAttempt> Held = new Model<HeldAttempt>("HeldAttempt", "An attempt that a node has the lease of")
        .Id("id", h => h.Id)
        .Id("sessionId", h => h.SessionId)
        .Id("projectId", h => h.ProjectId)
        .Text("project", h => h.ProjectName)
        .Text("workflow", h => h.WorkflowName)
        .Time("createdAt", h => h.CreatedAt)
        .Text("node", h => h.Node)
        .Count("token", h => h.Token)
        .Time("expiresAt", h => h.Until)
        .Count("tasks", h => h.RunningTasks);

    public static readonly Model<QueuedAttempt> Queued = new Model<QueuedAttempt>("QueuedAttempt", "An unfinished attempt that no node has")
        .Id("id", q => q.Id)
        .Id("sessionId", q => q.SessionId)
        .Id("projectId", q => q.ProjectId)
        .Text("project", q => q.ProjectName)
        .Text("workflow", q => q.WorkflowName)
        .Time("createdAt", q => q.CreatedAt)
        .IdOrNull("waitsForSessionId", q => q.WaitsForSession)
        .IdOrNull("waitsForAttemptId", q => q.WaitsForAttempt)
        .TextOrNull("waitsForPool", q => q.WaitsForPool);

    public static readonly Model<Oldest<HeldAttempt>> Leases = new Model<Oldest<HeldAttempt>>("Leases", "Leases, the oldest attempts first")
        .Count("total", l => l.Total)
        .ListOf("oldest", Held, l => l.Items);

    public static readonly Model<Oldest<QueuedAttempt>> Queue = new Model<Oldest<QueuedAttempt>>("Queue", "What waits, the oldest attempts first")
        .Count("total", l => l.Total)
        .ListOf("oldest", Queued, l => l.Items);

    public static readonly IReadOnlyList<IModel> All = [Held, Queued, Leases, Queue];
}
