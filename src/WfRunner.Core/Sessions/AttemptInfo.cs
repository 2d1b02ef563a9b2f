using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Sessions;

/// <summary>
/// What is fixed about an attempt from its start: who it belongs to, which session it executes, and the parameters that every
/// task sees. The same value drives a local run and the server.
/// </summary>
public sealed record AttemptInfo
{
    /// <summary>The tenant; 0 in a local run and on a server without tenants.</summary>
    public int SiteId { get; init; }

    /// <summary>The project.</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>Name of the project; <c>default</c> in a local run.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Name of the workflow, without <c>.dig</c>.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>Name of the revision the definition was taken from; null in a local run.</summary>
    public string? Revision { get; init; }

    /// <summary>The session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>Random identity of the session, stable over its attempts.</summary>
    public required Guid SessionUuid { get; init; }

    /// <summary>The session time, in whole seconds.</summary>
    public required Instant SessionTime { get; init; }

    /// <summary>Time zone of the workflow.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>The attempt.</summary>
    public required AttemptId AttemptId { get; init; }

    /// <summary>Name of a retry or named attempt; null for the first, unnamed one.</summary>
    public string? RetryAttemptName { get; init; }

    /// <summary>When the attempt was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>
    /// The moment from which the workflow's <c>sla</c> counts: of the request, or of the schedule. Null when the attempt is not watched,
    /// as those of a backfill are not, and when a stored attempt is loaded, whose deadline is kept with its tasks (engine 18).
    /// </summary>
    public Instant? RunTime { get; init; }

    /// <summary>
    /// The parameters below all exports and stores: system defaults, revision defaults and attempt parameters, merged in that
    /// order (dig-language 8.1, steps 1 to 3).
    /// </summary>
    public required ConfigMap Params { get; init; }
}
