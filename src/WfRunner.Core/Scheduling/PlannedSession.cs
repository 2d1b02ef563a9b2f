using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>The session that a local run executes.</summary>
/// <param name="Time">The session time.</param>
/// <param name="Notice">A WARN line that tells how the time was found; null when the user named it.</param>
public sealed record PlannedSession(Instant Time, string? Notice);
