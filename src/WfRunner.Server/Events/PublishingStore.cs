using WfRunner.Server.Metrics;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Pools;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;
using WfRunner.Storage.Secrets;
using WfRunner.Storage.Signals;
using WfRunner.Storage.Triggers;

namespace WfRunner.Server.Events;

/// <summary>A store that tells the hub and the meter what it has saved. Every change of this node passes here, so none is forgotten.</summary>
internal sealed class PublishingStore(IStore inner, EventHub hub, ServerMeter meter) : IStore
{
    public IProjectStore Projects { get; } = new PublishingProjectStore(inner.Projects, hub);

    public IAttemptStore Attempts { get; } = new PublishingAttemptStore(inner.Attempts, hub, meter);

    public IScheduleStore Schedules { get; } = new PublishingScheduleStore(inner.Schedules, hub);

    public ISecretStore Secrets => inner.Secrets;

    public IOverviewStore Overview => inner.Overview;

    public IMaintenanceStore Maintenance => inner.Maintenance;

    public IPoolStore Pools => inner.Pools;

    public ITriggerStore Triggers => inner.Triggers;

    public IStoreSignals Signals => inner.Signals;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
