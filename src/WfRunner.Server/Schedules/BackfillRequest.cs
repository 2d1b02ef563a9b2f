using NodaTime;

namespace WfRunner.Server.Schedules;

/// <summary>Which sessions of a schedule to run.</summary>
internal sealed record BackfillRequest
{
    /// <summary>From when on; null only where the schedule is advanced: from where it stands.</summary>
    public Instant? From { get; init; }

    /// <summary>The name of the attempts; null for unnamed ones.</summary>
    public string? AttemptName { get; init; }

    /// <summary>How many sessions; null for all up to where the schedule stands, or to now where it is advanced.</summary>
    public int? Count { get; init; }

    /// <summary>Whether sessions that have such an attempt already are left out, although they count; otherwise one refuses the whole.</summary>
    public bool SkipsExisting { get; init; }

    /// <summary>Whether sessions at or after where the schedule stands are taken too, which then goes on behind the last of them.</summary>
    public bool AdvancesSchedule { get; init; }

    /// <summary>Whether nothing is to happen.</summary>
    public bool IsDryRun { get; init; }
}
