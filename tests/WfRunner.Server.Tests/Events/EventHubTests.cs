using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Sessions;
using WfRunner.Server.Events;

namespace WfRunner.Server.Tests.Events;

public sealed class EventHubTests
{
    private const int Site = 7;

    private static readonly ProjectId Project = new(1);

    [Fact]
    public void A_follower_reads_what_is_published_after_it_began()
    {
        var hub = new EventHub();
        hub.Publish(Change(1));
        using var follower = hub.Subscribe(new EventFilter(Site), null)!;
        hub.Publish(Change(2));
        hub.Publish(Change(3));

        Assert.Equal([Change(2), Change(3)], follower.Take()!.Select(e => e.Event));
        Assert.Empty(follower.Take()!);
        Assert.False(follower.IsReset);
    }

    [Fact]
    public void Another_tenant_hears_nothing()
    {
        var hub = new EventHub();
        using var follower = hub.Subscribe(new EventFilter(Site + 1), null)!;

        hub.Publish(Change(1));

        Assert.Empty(follower.Take()!);
    }

    [Fact]
    public void A_follower_that_the_ring_has_overtaken_is_dropped_and_publishing_goes_on()
    {
        var hub = new EventHub(kept: 4);
        using var slow = hub.Subscribe(new EventFilter(Site), null)!;
        using var quick = hub.Subscribe(new EventFilter(Site), null)!;
        var cursor = slow.Cursor;

        for (var i = 1; i <= 5; i++)
        {
            hub.Publish(Change(i));
            Assert.Equal([Change(i)], quick.Take()!.Select(e => e.Event));
        }

        Assert.Null(slow.Take());
        using var again = hub.Subscribe(new EventFilter(Site), cursor)!;
        Assert.True(again.IsReset);
        Assert.Empty(again.Take()!);
    }

    [Fact]
    public void A_follower_at_the_very_end_of_the_ring_misses_nothing()
    {
        var hub = new EventHub(kept: 4);
        using var follower = hub.Subscribe(new EventFilter(Site), null)!;
        var cursor = follower.Cursor;
        for (var i = 1; i <= 4; i++)
        {
            hub.Publish(Change(i));
        }

        using var again = hub.Subscribe(new EventFilter(Site), cursor)!;

        Assert.False(again.IsReset);
        Assert.Equal([1, 2, 3, 4], again.Take()!.Select(e => ((ScheduleChanged)e.Event).Schedule.Value));
    }

    [Fact]
    public void Each_cursor_goes_on_right_after_its_event()
    {
        var hub = new EventHub();
        using var first = hub.Subscribe(new EventFilter(Site), null)!;
        hub.Publish(Change(1));
        hub.Publish(Change(2));
        var cursor = first.Take()![0].Cursor;

        using var second = hub.Subscribe(new EventFilter(Site), cursor)!;

        Assert.Equal([Change(2)], second.Take()!.Select(e => e.Event));
    }

    [Fact]
    public void A_cursor_of_another_run_is_not_taken_for_one_of_this()
    {
        using var before = new EventHub().Subscribe(new EventFilter(Site), null)!;

        using var after = new EventHub().Subscribe(new EventFilter(Site), before.Cursor)!;

        Assert.True(after.IsReset);
    }

    [Fact]
    public void There_are_only_so_many_followers()
    {
        var hub = new EventHub(maximumFollowers: 1);
        using (var first = hub.Subscribe(new EventFilter(Site), null))
        {
            Assert.NotNull(first);
            Assert.Null(hub.Subscribe(new EventFilter(Site), null));
        }

        using var next = hub.Subscribe(new EventFilter(Site), null);
        Assert.NotNull(next);
        Assert.Equal(1, hub.Followers);
    }

    [Fact]
    public async Task Completing_wakes_and_ends_everybody()
    {
        var hub = new EventHub();
        using var follower = hub.Subscribe(new EventFilter(Site), null)!;
        var clock = new FakeClock(Instant.FromUtc(2026, 1, 1, 0, 0));
        var waiting = follower.WaitAsync(clock.GetCurrentInstant() + Duration.FromDays(1), clock, TimeProvider.System, TestContext.Current.CancellationToken);

        hub.Complete();

        await waiting;
        Assert.Null(follower.Take());
        Assert.Null(hub.Subscribe(new EventFilter(Site), null));
    }

    [Fact]
    public async Task Many_publishers_lose_no_event()
    {
        var hub = new EventHub();
        using var follower = hub.Subscribe(new EventFilter(Site), null)!;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(p => Task.Run(
            () => Enumerable.Range(0, 100).ToList().ForEach(i => hub.Publish(Change(p * 100 + i))), TestContext.Current.CancellationToken)));

        var seen = new List<long>();
        while (follower.Take() is { Count: > 0 } batch)
        {
            seen.AddRange(batch.Select(e => ((ScheduleChanged)e.Event).Schedule.Value));
        }

        Assert.Equal(Enumerable.Range(0, 800).Select(i => (long)i), seen.Order());
    }

    private static ScheduleChanged Change(long schedule) => new(Site, Project, new ScheduleId(schedule));
}
