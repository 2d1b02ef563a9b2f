using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>An attempt as a server shows it.</summary>
public sealed record AttemptView
{
    /// <summary>The attempt; 0 in the answer to a dry run.</summary>
    public required long Id { get; init; }

    /// <summary>The project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The project's name.</summary>
    public required string ProjectName { get; init; }

    /// <summary>The workflow it was started from; null when the server does not keep it.</summary>
    public long? WorkflowId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>The session.</summary>
    public required long SessionId { get; init; }

    /// <summary>Random identity of the session.</summary>
    public required string SessionUuid { get; init; }

    /// <summary>The session time, in the workflow's zone.</summary>
    public required OffsetDateTime SessionTime { get; init; }

    /// <summary>Name of a retry; null for the unnamed attempt.</summary>
    public string? RetryAttemptName { get; init; }

    /// <summary>Whether it has ended.</summary>
    public required bool IsDone { get; init; }

    /// <summary>Whether it succeeded.</summary>
    public required bool IsSuccess { get; init; }

    /// <summary>Whether somebody asked it to stop.</summary>
    public required bool IsCancelRequested { get; init; }

    /// <summary>Its parameters.</summary>
    public required ConfigMap Params { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public Instant? FinishedAt { get; init; }

    /// <summary>The pool it runs in; null where the server has no pools.</summary>
    public string? PoolId { get; init; }

    /// <summary>The server's own word for its state, while it is not done; null where an old server sends none.</summary>
    public string? ServerStatus { get; init; }

    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    /// <summary>One word for its state: of what is done as Digdag derives it, else as the server says it.</summary>
    public string Status => AttemptStatus.Of(IsDone, IsSuccess, IsCancelRequested, ServerStatus);

    /// <summary>Reads an attempt.</summary>
    /// <param name="map">The JSON object.</param>
    /// <returns>The attempt.</returns>
    /// <exception cref="InvalidAnswerException">Something is missing.</exception>
    public static AttemptView Read(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var (project, workflow) = (map.Object("project"), map.Object("workflow"));
        return new AttemptView
        {
            Id = map.Id("id"),
            ProjectId = project.Id("id"),
            ProjectName = project.Text("name"),
            WorkflowId = workflow.IdOrNull("id"),
            WorkflowName = workflow.Text("name"),
            SessionId = map.Id("sessionId"),
            SessionUuid = map.Text("sessionUuid"),
            SessionTime = map.OffsetTime("sessionTime"),
            RetryAttemptName = map.TextOrNull("retryAttemptName"),
            IsDone = map.Flag("done"),
            IsSuccess = map.Flag("success"),
            IsCancelRequested = map.Flag("cancelRequested"),
            Params = map.ObjectOrEmpty("params"),
            CreatedAt = map.Time("createdAt"),
            FinishedAt = map.TimeOrNull("finishedAt"),
            PoolId = map.TextOrNull("poolId"),
            ServerStatus = map.TextOrNull("status"),
            Json = map,
        };
    }
}
