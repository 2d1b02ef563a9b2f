using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>One entry of a schedule.</summary>
/// <param name="Time">The session time.</param>
/// <param name="RunTime">When the session is started: the session time plus the schedule's delay.</param>
public readonly record struct ScheduleTime(Instant Time, Instant RunTime);
