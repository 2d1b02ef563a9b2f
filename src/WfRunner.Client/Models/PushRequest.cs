namespace WfRunner.Client.Models;

/// <summary>A request to push a revision.</summary>
/// <param name="Project">Name of the project.</param>
/// <param name="Revision">Name of the revision, new in the project.</param>
public sealed record PushRequest(string Project, string Revision)
{
    /// <summary>Whether the revision's name was made up for this request, so that a revision of that name can only be its own.</summary>
    public bool HasRevisionOfItsOwn { get; init; }

    /// <summary>ISO instant from which on new schedules run; null for the server's now.</summary>
    public string? ScheduleFrom { get; init; }

    /// <summary>Workflows whose schedules start anew.</summary>
    public IReadOnlyList<string> ClearSchedules { get; init; } = [];

    /// <summary>Whether all schedules start anew.</summary>
    public bool ClearsAllSchedules { get; init; }

    /// <summary>Whether schedules that changed go on from now; null where the server does not know the question.</summary>
    public bool? SkipSchedule { get; init; }
}
