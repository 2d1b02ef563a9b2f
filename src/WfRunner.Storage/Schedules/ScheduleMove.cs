using NodaTime;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Schedules;

/// <summary>Moves a schedule on, unless somebody moved it before.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="From">The entry it must still stand at.</param>
/// <param name="To">The entry it goes on with.</param>
/// <param name="ExecutedSession">The session that counts as executed now; null keeps what is stored.</param>
/// <param name="Now">When.</param>
public sealed record ScheduleMove(ScheduleId Schedule, ScheduleTime From, ScheduleTime To, Instant? ExecutedSession, Instant Now);
