using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Events;

/// <summary>Publishes what happens to schedules. A move names its schedule by id only, so whose it is, is remembered from reading it.</summary>
internal sealed class PublishingScheduleStore(IScheduleStore inner, EventHub hub) : IScheduleStore
{
    private readonly ConcurrentDictionary<ScheduleId, ScheduleChanged> _known = new();

    public async Task<bool> MoveAsync(ScheduleMove move, CancellationToken cancellationToken)
    {
        var moved = await inner.MoveAsync(move, cancellationToken).ConfigureAwait(false);
        if (moved && _known.TryGetValue(move.Schedule, out var change))
        {
            hub.Publish(change);
        }

        return moved;
    }

    public async Task<StoredSchedule?> SetDisabledAsync(
        int siteId, ScheduleId id, Instant? disabledAt, Instant now, CancellationToken cancellationToken)
    {
        var changed = await inner.SetDisabledAsync(siteId, id, disabledAt, now, cancellationToken).ConfigureAwait(false);
        if (changed is not null)
        {
            hub.Publish(new ScheduleChanged(siteId, changed.ProjectId, id));
        }

        return changed;
    }

    public async Task<StoredSchedule?> FindAsync(int siteId, ScheduleId id, CancellationToken cancellationToken)
    {
        var found = await inner.FindAsync(siteId, id, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            Remember(found);
        }

        return found;
    }

    public async Task<IReadOnlyList<StoredSchedule>> ListDueAsync(Instant now, int count, CancellationToken cancellationToken)
    {
        var due = await inner.ListDueAsync(now, count, cancellationToken).ConfigureAwait(false);
        foreach (var schedule in due)
        {
            Remember(schedule);
        }

        return due;
    }

    public Task<IReadOnlyList<StoredSchedule>> ListAsync(
        int siteId, ProjectId? project, string? workflow, ScheduleId? lastId, int count, CancellationToken cancellationToken) =>
        inner.ListAsync(siteId, project, workflow, lastId, count, cancellationToken);

    public Task<Instant?> NextDueAsync(CancellationToken cancellationToken) => inner.NextDueAsync(cancellationToken);

    private void Remember(StoredSchedule schedule) =>
        _known[schedule.Id] = new ScheduleChanged(schedule.SiteId, schedule.ProjectId, schedule.Id);
}
