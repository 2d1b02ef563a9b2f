using WfRunner.Storage.Overview;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http.Models;

/// <summary>How the server is doing, in numbers.</summary>
internal sealed record ServerOverview(
    AttemptCounts Attempts, long LateSchedules, IReadOnlyList<StoredSchedule> NextSchedules, IReadOnlyList<NodeStatus> Nodes);
