using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>
/// Sessions, attempts, tasks and the leases under which nodes run them. An unfinished attempt is run by the node that holds its
/// lease; a node that dies stops renewing, and another one acquires.
/// </summary>
public interface IAttemptStore
{
    /// <summary>
    /// Starts an attempt: session, attempt, tasks, lease and the end of its cause. When the session exists already the cause is used up
    /// all the same (schedules 8.4). Where its pool is full and it may wait, it is queued: it gets its tasks from the node that acquires
    /// it when its turn comes.
    /// </summary>
    /// <param name="request">What to start.</param>
    /// <param name="plan">Makes its tasks.</param>
    /// <param name="claim">The node that will run it; null leaves it to whichever node acquires it.</param>
    /// <param name="cause">What starts it by itself; null for other starts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="WorkflowException">
    /// Too many attempts run, the project is deleted, or whatever the plan throws; nothing is stored.
    /// </exception>
    Task<StartOutcome> StartAsync(
        NewAttempt request, TaskPlan plan, NodeClaim? claim, StartCause? cause, CancellationToken cancellationToken);

    /// <summary>
    /// Announces attempts that run one after another: each waits until every attempt of the session before it is done. They get
    /// their tasks from the node that acquires them. All or none are stored (schedules 10).
    /// </summary>
    /// <param name="requests">The attempts in order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts.</returns>
    /// <exception cref="AttemptExistsException">One of them exists.</exception>
    /// <exception cref="WorkflowException">Too many attempts run, or the project is deleted.</exception>
    Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(IReadOnlyList<NewAttempt> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Takes unfinished attempts that no node has, oldest first; those that wait for a session are left alone, and so are queued ones
    /// until their pools have room for them.
    /// </summary>
    /// <param name="claim">The node.</param>
    /// <param name="count">The most to take.</param>
    /// <param name="maximumRunning">The most attempts of a tenant that may run at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts with everything needed to go on.</returns>
    Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(NodeClaim claim, int count, int maximumRunning, CancellationToken cancellationToken);

    /// <summary>
    /// When the first lease that another node has expires unless it is renewed: then it is time to acquire. Store time, so that clocks
    /// of nodes that differ do no harm.
    /// </summary>
    /// <param name="claim">The node that asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>From now, not positive when it has expired; null when no other node has a lease.</returns>
    Task<Duration?> NextExpiryAsync(NodeClaim claim, CancellationToken cancellationToken);

    /// <summary>Keeps leases for longer. One that was lost meanwhile stays lost.</summary>
    /// <param name="claim">The node and the new time.</param>
    /// <param name="leases">The leases that are in use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Which of them the node still has, and which attempts must stop.</returns>
    Task<LeaseRenewal> RenewAsync(NodeClaim claim, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken);

    /// <summary>Gives leases back, so that another node may go on at once. One that was lost meanwhile stays with whoever has it.</summary>
    /// <param name="leases">The leases.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are free.</returns>
    Task ReleaseAsync(IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken);

    /// <summary>
    /// Saves what changed, and the end of the attempt when it has ended; ends the lease with it. May be repeated with the same arguments
    /// when it is unknown whether it was done.
    /// </summary>
    /// <param name="lease">The right to do so.</param>
    /// <param name="tasks">New and changed tasks.</param>
    /// <param name="end">Its end; null while it goes on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether somebody asked the attempt to stop; whoever runs it must obey.</returns>
    /// <exception cref="LeaseLostException">Another node has the attempt; nothing is saved.</exception>
    Task<bool> SaveAsync(AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a source of task ids for one run of one attempt. Ids are unique in the store and ascend within the attempt, also when it
    /// moves between nodes: whoever has the lease knows all tasks. Safe for use by one thread at a time.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="last">The greatest id among its tasks; null when it has none yet.</param>
    /// <returns>The source.</returns>
    Func<TaskId> OpenTaskIds(AttemptId attempt, TaskId? last);

    /// <summary>Asks an attempt to stop.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The attempt.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended.</returns>
    Task<CancelOutcome> RequestCancelAsync(int siteId, AttemptId id, Instant now, CancellationToken cancellationToken);

    /// <summary>Finds an attempt.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempt or null.</returns>
    Task<StoredAttempt?> FindAsync(int siteId, AttemptId id, CancellationToken cancellationToken);

    /// <summary>Lists attempts, newest first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts.</returns>
    Task<IReadOnlyList<StoredAttempt>> ListAsync(int siteId, AttemptQuery query, CancellationToken cancellationToken);

    /// <summary>Lists the tasks of an attempt, ids ascending.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tasks.</returns>
    Task<IReadOnlyList<TaskRecord>> ListTasksAsync(AttemptId id, CancellationToken cancellationToken);

    /// <summary>Finds a session.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session or null.</returns>
    Task<StoredSession?> FindSessionAsync(int siteId, SessionId id, CancellationToken cancellationToken);

    /// <summary>Lists sessions, newest first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions.</returns>
    Task<IReadOnlyList<StoredSession>> ListSessionsAsync(int siteId, SessionQuery query, CancellationToken cancellationToken);

    /// <summary>The greatest session time of a workflow before a time.</summary>
    /// <param name="project">The project.</param>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="before">Exclusive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The time, or null when there is none.</returns>
    Task<Instant?> LastSessionTimeAsync(ProjectId project, string workflow, Instant before, CancellationToken cancellationToken);

    /// <summary>Whether a workflow has an unfinished attempt, of any revision and session.</summary>
    /// <param name="project">The project.</param>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one.</returns>
    Task<bool> HasUnfinishedAsync(ProjectId project, string workflow, CancellationToken cancellationToken);
}
