using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Server.Metrics;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Events;

/// <summary>Publishes and counts what happens to attempts and their tasks.</summary>
internal sealed class PublishingAttemptStore(IAttemptStore inner, EventHub hub, ServerMeter meter) : IAttemptStore
{
    // The attempts this node runs; what is saved of one names it by its lease only.
    private readonly ConcurrentDictionary<AttemptId, AttemptChanged> _running = new();

    public async Task<StartOutcome> StartAsync(
        NewAttempt request, TaskPlan plan, NodeClaim? claim, StartCause? cause, CancellationToken cancellationToken)
    {
        List<TaskRecord> tasks = [];
        var outcome = await inner.StartAsync(request, Remembered, claim, cause, cancellationToken).ConfigureAwait(false);
        if (outcome is StartOutcome.Started started)
        {
            var change = AttemptChanged.Of(started.Attempt);
            if (started.Lease is not null)
            {
                _running[change.Id] = change;
            }

            meter.AttemptStarted();
            hub.Publish(change);
            tasks.ForEach(t => hub.Publish(TaskChanged.Of(change, t)));
        }

        if (cause is StartCause.Schedule { Move: var move } && outcome is not StartOutcome.Superseded)
        {
            meter.ScheduleStarted(request.Now - move.From.RunTime);
            hub.Publish(new ScheduleChanged(request.SiteId, request.Workflow.ProjectId, move.Schedule));
        }

        return outcome;

        IEnumerable<TaskRecord> Remembered(StoredAttempt attempt, Func<TaskId> nextTaskId)
        {
            tasks = [.. plan(attempt, nextTaskId)];
            return tasks;
        }
    }

    public async Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(IReadOnlyList<NewAttempt> requests, CancellationToken cancellationToken)
    {
        var announced = await inner.AnnounceAsync(requests, cancellationToken).ConfigureAwait(false);
        foreach (var attempt in announced)
        {
            meter.AttemptStarted();
            hub.Publish(AttemptChanged.Of(attempt));
        }

        return announced;
    }

    public async Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(
        NodeClaim claim, int count, int maximumRunning, CancellationToken cancellationToken)
    {
        var acquired = await inner.AcquireAsync(claim, count, maximumRunning, cancellationToken).ConfigureAwait(false);
        foreach (var leased in acquired)
        {
            var change = AttemptChanged.Of(leased.Attempt);
            _running[leased.Attempt.Id] = change;
            if (leased.Tasks.Count == 0)
            {
                // It waited until now.
                hub.Publish(change);
            }
        }

        return acquired;
    }

    public async Task<bool> SaveAsync(
        AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end, CancellationToken cancellationToken)
    {
        bool isCancelRequested;
        try
        {
            isCancelRequested = await inner.SaveAsync(lease, tasks, end, cancellationToken).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            _running.TryRemove(lease.AttemptId, out _);
            meter.LeasesLost(1);
            throw;
        }

        if (_running.TryGetValue(lease.AttemptId, out var attempt))
        {
            foreach (var task in tasks)
            {
                hub.Publish(TaskChanged.Of(attempt, task));
            }

            if (end is not null)
            {
                _running.TryRemove(lease.AttemptId, out _);
                var ended = attempt with { IsDone = true, IsSuccess = end.IsSuccess, FinishedAt = end.At, IsCancelRequested = isCancelRequested };
                meter.AttemptFinished(ended.Status);
                hub.Publish(ended);
            }
        }

        return isCancelRequested;
    }

    public async Task<CancelOutcome> RequestCancelAsync(int siteId, AttemptId id, Instant now, CancellationToken cancellationToken)
    {
        var outcome = await inner.RequestCancelAsync(siteId, id, now, cancellationToken).ConfigureAwait(false);
        if (outcome is CancelOutcome.Requested or CancelOutcome.EndedAtOnce
            && await inner.FindAsync(siteId, id, cancellationToken).ConfigureAwait(false) is { } attempt)
        {
            hub.Publish(AttemptChanged.Of(attempt));
        }

        return outcome;
    }

    public Task<Duration?> NextExpiryAsync(NodeClaim claim, CancellationToken cancellationToken) =>
        inner.NextExpiryAsync(claim, cancellationToken);

    public async Task<LeaseRenewal> RenewAsync(
        NodeClaim claim, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        var renewal = await inner.RenewAsync(claim, leases, cancellationToken).ConfigureAwait(false);

        // An attempt that ended meanwhile is not held either, and was forgotten here when it ended.
        meter.LeasesLost(leases.Count(l => !renewal.Held.Contains(l.AttemptId) && _running.TryRemove(l.AttemptId, out _)));
        return renewal;
    }

    public Task ReleaseAsync(IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        foreach (var lease in leases)
        {
            _running.TryRemove(lease.AttemptId, out _);
        }

        return inner.ReleaseAsync(leases, cancellationToken);
    }

    public Func<TaskId> OpenTaskIds(AttemptId attempt, TaskId? last) => inner.OpenTaskIds(attempt, last);

    public Task<StoredAttempt?> FindAsync(int siteId, AttemptId id, CancellationToken cancellationToken) =>
        inner.FindAsync(siteId, id, cancellationToken);

    public Task<IReadOnlyList<StoredAttempt>> ListAsync(int siteId, AttemptQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(siteId, query, cancellationToken);

    public Task<IReadOnlyList<TaskRecord>> ListTasksAsync(AttemptId id, CancellationToken cancellationToken) =>
        inner.ListTasksAsync(id, cancellationToken);

    public Task<StoredSession?> FindSessionAsync(int siteId, SessionId id, CancellationToken cancellationToken) =>
        inner.FindSessionAsync(siteId, id, cancellationToken);

    public Task<IReadOnlyList<StoredSession>> ListSessionsAsync(int siteId, SessionQuery query, CancellationToken cancellationToken) =>
        inner.ListSessionsAsync(siteId, query, cancellationToken);

    public Task<Instant?> LastSessionTimeAsync(ProjectId project, string workflow, Instant before, CancellationToken cancellationToken) =>
        inner.LastSessionTimeAsync(project, workflow, before, cancellationToken);

    public Task<bool> HasUnfinishedAsync(ProjectId project, string workflow, CancellationToken cancellationToken) =>
        inner.HasUnfinishedAsync(project, workflow, cancellationToken);
}
