using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Http;

/// <summary>What lists of sessions and attempts are narrowed to.</summary>
internal sealed record ListFilters
{
    /// <summary>The parameters that narrow a list, and those that page it.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
    [
        Http.Parameters.Project, Http.Parameters.Workflow, Http.Parameters.Status, Http.Parameters.From, Http.Parameters.To,
        Http.Parameters.MinimumDuration, Http.Parameters.MaximumDuration, Http.Parameters.LastId, Http.Parameters.PageSize,
    ];

    public ProjectId? Project { get; private init; }

    public string? Workflow { get; private init; }

    public AttemptStatuses Statuses { get; private init; }

    public Instant? From { get; private init; }

    public Instant? To { get; private init; }

    public DurationRange? Took { get; private init; }

    /// <summary>Whether a list is narrowed by something that Digdag does not know.</summary>
    public bool IsAddition => Statuses != AttemptStatuses.Any || From is not null || To is not null || Took is not null;

    /// <summary>Reads the filters of a request.</summary>
    /// <exception cref="ApiException">The project does not exist, or a value makes no sense.</exception>
    public static async Task<ListFilters> ReadAsync(ApiRequest request, IStore store, IClock clock) => new()
    {
        Project = request.Query(Http.Parameters.Project) is { } name
            ? (await store.ProjectAsync(request, name).ConfigureAwait(false)).Id
            : null,
        Workflow = request.Query(Http.Parameters.Workflow),
        Statuses = request.QueryAll(Http.Parameters.Status).Aggregate(AttemptStatuses.Any, (all, status) => all | ReadStatus(status)),
        From = request.QueryTime(Http.Parameters.From),
        To = request.QueryTime(Http.Parameters.To),
        Took = ReadTook(request, clock),
    };

    private static DurationRange? ReadTook(ApiRequest request, IClock clock)
    {
        var (atLeast, atMost) = (request.QueryDuration(Http.Parameters.MinimumDuration), request.QueryDuration(Http.Parameters.MaximumDuration));
        return atLeast is null && atMost is null ? null : new DurationRange(atLeast, atMost, clock.GetCurrentInstant());
    }

    private static AttemptStatuses ReadStatus(string text) => text switch
    {
        "running" => AttemptStatuses.Running,
        "queued" or "blocked" => AttemptStatuses.Queued,
        "success" => AttemptStatuses.Success,
        "error" => AttemptStatuses.Error,
        "canceled" or "killed" => AttemptStatuses.Canceled,
        _ => throw new ApiException(StatusCodes.Status400BadRequest, $"status= must be queued, running, success, error or canceled: {text}"),
    };
}
