using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Pools;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;
using WfRunner.Storage.Secrets;
using WfRunner.Storage.Signals;
using WfRunner.Storage.Triggers;

namespace WfRunner.Storage;

/// <summary>
/// Everything a server keeps. Every operation is one transaction: it happened as a whole when its task has ended, and not at all
/// when it failed; when a shared database is away, it fails with <see cref="StoreUnavailableException"/>. The same contract holds for one node on an embedded database and for several nodes on a shared one.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Projects, their revisions, archives and workflows.</summary>
    IProjectStore Projects { get; }

    /// <summary>Sessions, attempts, tasks and who runs them.</summary>
    IAttemptStore Attempts { get; }

    /// <summary>Schedules of workflows.</summary>
    IScheduleStore Schedules { get; }

    /// <summary>Secrets of projects, encrypted.</summary>
    ISecretStore Secrets { get; }

    /// <summary>How the server is doing.</summary>
    IOverviewStore Overview { get; }

    /// <summary>What takes too long, and what is over for long.</summary>
    IMaintenanceStore Maintenance { get; }

    /// <summary>Pools of attempts, and the rules that choose them.</summary>
    IPoolStore Pools { get; }

    /// <summary>Triggers of workflows.</summary>
    ITriggerStore Triggers { get; }

    /// <summary>What other nodes on the same store do.</summary>
    IStoreSignals Signals { get; }
}
