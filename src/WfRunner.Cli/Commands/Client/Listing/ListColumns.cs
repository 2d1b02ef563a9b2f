namespace WfRunner.Cli.Commands.Client.Listing;

/// <summary>The columns of each kind of list.</summary>
internal static class ListColumns
{
    public static readonly IReadOnlyList<ListColumn> Projects = ListColumn.Of("id", "name", "revision", "archiveType", "createdAt", "updatedAt");

    public static readonly IReadOnlyList<ListColumn> Revisions = ListColumn.Of("revision", "createdAt", "archiveType", "archiveMd5");

    public static readonly IReadOnlyList<ListColumn> Workflows = ListColumn.Of("id", "name", "project.name", "revision", "timezone");

    public static readonly IReadOnlyList<ListColumn> Sessions =
    [
        .. ListColumn.Of("id", "project.name", "workflow.name", "sessionTime"),
        new("attempt.id", "lastAttempt.id"),
        new("status", "lastAttempt.status"),
        new("done", "lastAttempt.done"),
        new("success", "lastAttempt.success"),
        new("cancelRequested", "lastAttempt.cancelRequested"),
        new("createdAt", "lastAttempt.createdAt"),
        new("finishedAt", "lastAttempt.finishedAt"),
    ];

    public static readonly IReadOnlyList<ListColumn> Attempts = ListColumn.Of(
        "id", "project.name", "workflow.name", "sessionId", "sessionTime", "retryAttemptName", "status", "done", "success", "cancelRequested", "createdAt", "finishedAt");

    public static readonly IReadOnlyList<ListColumn> Tasks = ListColumn.Of("id", "fullName", "state", "parentId", "startedAt", "updatedAt", "error");

    public static readonly IReadOnlyList<ListColumn> Schedules = ListColumn.Of("id", "project.name", "workflow.name", "nextScheduleTime", "nextRunTime", "disabledAt");

    public static readonly IReadOnlyList<ListColumn> Secrets = ListColumn.Of("key");

    public static readonly IReadOnlyList<ListColumn> Pools = ListColumn.Of("id", "name", "concurrencyLimit", "default");

    public static readonly IReadOnlyList<ListColumn> PoolRules = ListColumn.Of("id", "poolId", "priority", "conditions");
}
