using WfRunner.Storage.Attempts;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http.Models;

/// <summary>Attempts that a backfill started.</summary>
internal sealed record ScheduleAttempts(StoredSchedule Schedule, IReadOnlyList<StoredAttempt> Attempts);
