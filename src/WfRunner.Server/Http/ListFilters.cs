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
        Http.Parameters.Project, Http.Parameters.Workflow, Http.Parameters.Status, Http.Parameters.From, Http.Parameters.To, Http.Parameters.LastId,
        Http.Parameters.PageSize,
    ];

    public ProjectId? Project { get; private init; }

    public string? Workflow { get; private init; }

    public IReadOnlySet<AttemptStatus> Statuses { get; private init; } = new HashSet<AttemptStatus>();

    public Instant? From { get; private init; }

    public Instant? To { get; private init; }

    /// <summary>Reads the filters of a request. Digdag ignores a workflow without a project; here it narrows the list all the same.</summary>
    /// <exception cref="ApiException">The project does not exist, or a value makes no sense.</exception>
    public static async Task<ListFilters> ReadAsync(ApiRequest request, IStore store) => new()
    {
        Project = request.Query(Http.Parameters.Project) is { } name
            ? (await store.ProjectAsync(request, name).ConfigureAwait(false)).Id
            : null,
        Workflow = request.Query(Http.Parameters.Workflow),
        Statuses = request.QueryAll(Http.Parameters.Status).Select(ReadStatus).ToHashSet(),
        From = request.QueryTime(Http.Parameters.From),
        To = request.QueryTime(Http.Parameters.To),
    };

    private static AttemptStatus ReadStatus(string text) => text switch
    {
        "running" => AttemptStatus.Running,
        "success" => AttemptStatus.Success,
        "error" => AttemptStatus.Error,
        "canceled" or "killed" => AttemptStatus.Canceled,
        _ => throw new ApiException(StatusCodes.Status400BadRequest, $"status= must be running, success, error or canceled: {text}"),
    };
}
