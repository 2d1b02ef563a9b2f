using NodaTime;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Server.Attempts;
using WfRunner.Server.Events;
using WfRunner.Server.Metrics;
using WfRunner.Server.Projects;
using WfRunner.Server.Schedules;
using WfRunner.Server.Secrets;
using WfRunner.Server.Settings;
using WfRunner.Storage;

namespace WfRunner.Server;

/// <summary>What the endpoints of the API use.</summary>
internal sealed record ServerParts(
    ServerSettings Settings,
    IStore Store,
    ProjectPush Push,
    ProjectCheckup Checkup,
    AttemptStarter Starter,
    AttemptHost Host,
    ScheduleService Schedules,
    ScheduleLoop ScheduleLoop,
    SecretVault Secrets,
    ProjectArchives Archives,
    ITaskLogs Logs,
    EventHub Events,
    ServerMeter Meter,
    IClock Clock,
    TimeProvider Timers,
    NodeIdentity Node)
{
    /// <summary>When the server was started.</summary>
    public Instant StartedAt { get; } = Clock.GetCurrentInstant();
}
