using System.Net;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

public sealed class ScheduleTests
{
    private const string Daily =
        "timezone: Asia/Tokyo\nschedule:\n  daily>: 07:00:00\n+a:\n  probe>: ${session_date} ${last_executed_session_date}\n";

    private readonly ProbeOperator _probe = new();

    // 2026-03-04 06:00 in Tokyo.
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 3, 3, 21, 0));

    [Fact]
    public async Task A_daily_schedule_fires_at_its_time_of_the_zone_and_moves_on()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily));
        Assert.Equal(("2026-03-04T00:00:00+09:00", "2026-03-03T22:00:00Z"), await NextAsync(server));

        SetClock(server, Instant.FromUtc(2026, 3, 3, 21, 59, 59));
        Assert.Empty(await SessionsAsync(server));
        SetClock(server, Instant.FromUtc(2026, 3, 3, 22, 0));

        var attempt = await server.EndOfFirstAsync();
        Assert.Equal("2026-03-04T00:00:00+09:00", attempt.GetString("sessionTime"));
        Assert.Equal(
            """{"last_session_time":"2026-03-03T00:00:00+09:00","next_session_time":"2026-03-05T00:00:00+09:00"}""",
            attempt.GetMap("params").ToString());
        Assert.Equal(("2026-03-05T00:00:00+09:00", "2026-03-04T22:00:00Z"), await NextAsync(server));
    }

    [Fact]
    public async Task After_downtime_every_missed_session_is_started_in_order()
    {
        var database = Directory.CreateTempSubdirectory("wf-sched-").FullName;
        var before = await RunningServer.StartAsync(_probe, _clock, database);
        await before.PushAsync("demo", "r1", ("job1.dig", Daily));
        await before.DisposeAsync();

        _clock.Reset(Instant.FromUtc(2026, 3, 6, 12, 0));
        await using var after = await RunningServer.StartAsync(_probe, _clock, database);

        await after.EndOfNthAsync(3);
        Assert.Equal(
            ["2026-03-04T00:00:00+09:00", "2026-03-05T00:00:00+09:00", "2026-03-06T00:00:00+09:00"], (await SessionsAsync(after)).Order());
        Assert.Equal(["2026-03-04 ", "2026-03-05 2026-03-04", "2026-03-06 2026-03-05"], _probe.Calls.Order());
        Assert.Equal("2026-03-07T00:00:00+09:00", (await NextAsync(after)).Session);
        Directory.Delete(database, recursive: true);
    }

    [Fact]
    public async Task Skip_delayed_by_leaves_out_what_is_too_late()
    {
        var database = Directory.CreateTempSubdirectory("wf-sched-").FullName;
        var before = await RunningServer.StartAsync(_probe, _clock, database);
        await before.PushAsync("demo", "r1", ("job1.dig", Daily.Replace("07:00:00\n", "07:00:00\n  skip_delayed_by: 1d 12h\n", StringComparison.Ordinal)));
        await before.DisposeAsync();

        _clock.Reset(Instant.FromUtc(2026, 3, 6, 0, 0));
        await using var after = await RunningServer.StartAsync(_probe, _clock, database);

        await after.EndOfNthAsync(2);
        Assert.Equal(["2026-03-05T00:00:00+09:00", "2026-03-06T00:00:00+09:00"], (await SessionsAsync(after)).Order());
        Directory.Delete(database, recursive: true);
    }

    [Fact]
    public async Task Skip_on_overtime_waits_for_the_attempt_that_still_runs()
    {
        _probe.Hold("2026-03-04 ");
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily.Replace("07:00:00\n", "07:00:00\n  skip_on_overtime: true\n", StringComparison.Ordinal)));
        SetClock(server, Instant.FromUtc(2026, 3, 3, 22, 0));
        await _probe.Entered("2026-03-04 ");

        SetClock(server, Instant.FromUtc(2026, 3, 4, 22, 0));
        await UntilAsync(server, next => next.Session == "2026-03-06T00:00:00+09:00");

        Assert.Single(await SessionsAsync(server));
        _probe.LetGo("2026-03-04 ");
    }

    [Fact]
    public async Task A_session_that_exists_already_counts_as_executed()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily));
        await server.StartAttemptAsync(time: "2026-03-04T00:00:00+09:00");
        await server.EndOfAsync("1");

        SetClock(server, Instant.FromUtc(2026, 3, 3, 22, 0));
        await UntilAsync(server, next => next.Session == "2026-03-05T00:00:00+09:00");

        Assert.Single(await SessionsAsync(server));
    }

    [Fact]
    public async Task A_schedule_waits_ten_minutes_when_too_many_attempts_run()
    {
        _probe.Hold("2026-03-04 ");
        await using var server = await RunningServer.StartAsync(_probe, _clock, config: [("executor.attempt_max_run", "1")]);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily));
        SetClock(server, Instant.FromUtc(2026, 3, 3, 22, 0));
        await _probe.Entered("2026-03-04 ");

        SetClock(server, Instant.FromUtc(2026, 3, 4, 22, 0));
        await UntilAsync(server, next => next == ("2026-03-05T00:00:00+09:00", "2026-03-04T22:10:00Z"));

        _probe.LetGo("2026-03-04 ");
        await server.EndOfAsync("1");
        SetClock(server, Instant.FromUtc(2026, 3, 4, 22, 10));
        await server.EndOfNthAsync(2);
    }

    [Fact]
    public async Task A_disabled_schedule_stands_still_until_it_is_enabled()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, "api/schedules/1/disable")).Status);
        SetClock(server, Instant.FromUtc(2026, 3, 4, 0, 0));

        var (past, _) = await server.SendAsync(
            HttpMethod.Post, "api/schedules/1/enable", """{"skipSchedule":true,"nextTime":"1999-01-01T00:00:00"}""");
        Assert.Equal(HttpStatusCode.Conflict, past);
        Assert.Empty(await SessionsAsync(server));

        var (enabled, schedule) = await server.SendAsync(HttpMethod.Post, "api/schedules/1/enable");
        Assert.Equal((HttpStatusCode.OK, true), (enabled, schedule["disabledAt"]!.IsNull));
        await server.EndOfFirstAsync();
    }

    [Fact]
    public async Task Backfilled_attempts_run_one_after_another()
    {
        _probe.Hold("2026-03-01 ");
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("job1.dig", Daily));

        var (status, answer) = await server.SendAsync(
            HttpMethod.Post, "api/schedules/1/backfill", """{"fromTime":"2026-03-01T00:00:00+09:00","dryRun":false,"attemptName":"b"}""");

        Assert.Equal((HttpStatusCode.OK, 3), (status, ((ConfigList)answer["attempts"]!).Items.Count));
        await _probe.Entered("2026-03-01 ");
        Assert.Single(_probe.Calls);
        _probe.LetGo("2026-03-01 ");
        await server.EndOfAsync("3");
        Assert.Equal(["2026-03-01 ", "2026-03-02 2026-03-01", "2026-03-03 2026-03-02"], _probe.Calls);
    }

    private void SetClock(RunningServer server, Instant now)
    {
        _clock.Reset(now);
        server.Server.ClockChanged();
    }

    private static async Task<(string Session, string Run)> NextAsync(RunningServer server)
    {
        var schedule = await server.GetAsync("api/schedules/1");
        return (schedule.GetString("nextScheduleTime"), schedule.GetString("nextRunTime"));
    }

    private static async Task UntilAsync(RunningServer server, Func<(string Session, string Run), bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition(await NextAsync(server)))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<IReadOnlyList<string>> SessionsAsync(RunningServer server) =>
    [
        .. ((ConfigList)(await server.GetAsync("api/sessions"))["sessions"]!).Items.Cast<ConfigMap>().Select(s => s.GetString("sessionTime")),
    ];
}
