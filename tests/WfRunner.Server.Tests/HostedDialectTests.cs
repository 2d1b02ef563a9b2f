using System.Net;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

/// <summary>What the hosted service's API has beyond Digdag's: hosted-dialect 12.2, 18.5.</summary>
public sealed class HostedDialectTests
{
    private const string Daily = "schedule:\n  daily>: 00:00:00\n+a:\n  probe>: ${session_date}\n";

    private readonly ProbeOperator _probe = new();
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 3, 4, 12, 0));

    [Fact]
    public async Task Revisions_are_read_page_by_page()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        foreach (var revision in (string[])["r1", "r2", "r3"])
        {
            await server.PushAsync("demo", revision, ("wf.dig", "+a:\n  probe>: a\n"));
        }

        var seen = new List<string>();
        var path = "api/projects/1/revisions?page[size]=2";
        while (true)
        {
            var page = await server.GetAsync(path);
            seen.AddRange(Names(page));
            if (page.GetMap("pagination").GetStringOrNull("nextPage") is not { } next)
            {
                break;
            }

            path = $"api/projects/1/revisions?page[size]=2&page[after]={next}";
        }

        Assert.Equal(["r3", "r2", "r1"], seen);
        var old = await server.GetAsync("api/projects/1/revisions?last_id=3");
        Assert.Equal(["r2", "r1"], Names(old));
        Assert.Null(old["pagination"]);
    }

    [Theory]
    [InlineData("""{"sessionTime":"2026-03-05T00:00:00Z","params":{}}""", "workflowId is required")]
    [InlineData("""{"projectName":"demo","sessionTime":"2026-03-05T00:00:00Z","params":{}}""", "workflowId is required")]
    [InlineData("""{"projectName":"nope","workflowName":"wf","sessionTime":"2026-03-05T00:00:00Z","params":{}}""", "Resource does not exist: project name=nope")]
    [InlineData("""{"projectName":"demo","workflowName":"nope","sessionTime":"2026-03-05T00:00:00Z","params":{}}""", "Resource does not exist: workflow name=nope in revision id=1")]
    public async Task A_start_names_what_it_lacks(string body, string message)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));

        Assert.Equal(message, (await server.SendAsync(HttpMethod.Put, "api/attempts", body)).Body.GetString("message"));
    }

    [Fact]
    public async Task A_backfill_leaves_out_sessions_that_exist_but_counts_them()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("wf.dig", Daily));
        await server.StartAttemptAsync(time: "2026-03-02T00:00:00Z");
        await server.EndOfAsync("1");
        const string Body = """{"fromTime":"2026-03-01T00:00:00Z","count":3,"skipExisting":true,"dryRun":DRY}""";

        var planned = await BackfillAsync(server, Body.Replace("DRY", "true", StringComparison.Ordinal));
        var announced = await BackfillAsync(server, Body.Replace("DRY", "false", StringComparison.Ordinal));

        Assert.Equal(["2026-03-01T00:00:00+00:00", "2026-03-03T00:00:00+00:00"], Times(planned.Body));
        Assert.Equal(Times(planned.Body), Times(announced.Body));
        await server.EndOfNthAsync(3);
        Assert.Empty(Times((await BackfillAsync(server, Body.Replace("DRY", "false", StringComparison.Ordinal))).Body));
    }

    [Fact]
    public async Task A_backfill_can_go_beyond_the_next_schedule_time_and_move_the_schedule_on()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("wf.dig", Daily));
        Assert.Equal("2026-03-05T00:00:00+00:00", (await server.GetAsync("api/schedules/1")).GetString("nextScheduleTime"));

        var announced = await BackfillAsync(server, """{"count":2,"skipExisting":true,"advanceSchedule":true,"dryRun":false}""");

        Assert.Equal(["2026-03-05T00:00:00+00:00", "2026-03-06T00:00:00+00:00"], Times(announced.Body));
        Assert.Equal("2026-03-07T00:00:00+00:00", (await server.GetAsync("api/schedules/1")).GetString("nextScheduleTime"));
        await server.EndOfNthAsync(2);
    }

    [Theory]
    [InlineData("""{"count":2,"advanceSchedule":true,"dryRun":false}""", "advanceSchedule needs skipExisting")]
    [InlineData("""{"count":2,"advanceSchedule":true,"skipExisting":true,"attemptName":"b","dryRun":false}""", "advanceSchedule and attemptName exclude each other")]
    [InlineData("""{"attemptName":"b","dryRun":false}""", "fromTime is required")]
    [InlineData("""{"fromTime":"2026-03-01T00:00:00Z","dryRun":false}""", "attemptName is required")]
    [InlineData("""{"skipExisting":true,"dryRun":false}""", "fromTime is required")]
    [InlineData("""{"fromTime":"1900-01-01T00:00:00Z","attemptName":"b","dryRun":true}""", "More than 10000 sessions would be run: give a later fromTime, or a count")]
    public async Task A_backfill_that_makes_no_sense_is_refused(string body, string message)
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("demo", "r1", ("wf.dig", Daily));

        var answer = await BackfillAsync(server, body);

        Assert.Equal((HttpStatusCode.BadRequest, message), (answer.Status, answer.Body.GetString("message")));
    }

    [Fact]
    public async Task Schedules_put_sessions_off_while_the_limit_is_reached_unless_the_server_queues()
    {
        foreach (var (queues, expected) in ((bool, string[])[])[(false, ["running"]), (true, ["queued", "running"])])
        {
            var probe = new ProbeOperator();
            var clock = new FakeClock(_clock.GetCurrentInstant());
            probe.Hold("2026-03-01");
            await using var server = await RunningServer.StartAsync(
                probe, clock, null, ("executor.attempt_max_run", "1"), ("executor.attempt_queueing", queues ? "true" : "false"));
            await server.PushAsync("demo", "r1", ("wf.dig", Daily));
            await server.StartAttemptAsync(time: "2026-03-01T00:00:00Z");
            await probe.Entered("2026-03-01");

            clock.Reset(Instant.FromUtc(2026, 3, 5, 0, 0));
            server.Server.ClockChanged();
            await WaitAsync(async () => (await server.GetAsync("api/schedules/1")).GetString("nextRunTime") != "2026-03-05T00:00:00Z");

            var attempts = ((ConfigList)(await server.GetAsync("api/attempts"))["attempts"]!).Items.Cast<ConfigMap>();
            Assert.Equal(expected, attempts.Select(a => a.GetString("status")));
            probe.LetGo("2026-03-01");
        }
    }

    [Fact]
    public async Task The_profile_of_the_hosted_service_has_its_limits_and_dialect()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.profile", "td")]);
        var limits = (await server.GetAsync("api/admin/status")).GetMap("limits");
        Assert.Equal(("200", "1000", "30", "10000000"), (
            limits.GetString("executor.attempt_max_run"),
            limits.GetString("executor.task_max_run"),
            limits.GetString("agent.max-task-threads"),
            limits.GetString("api.max_archive_total_size_limit")));

        Assert.Equal(HttpStatusCode.OK, (await server.PushAsync("demo", "r1", ("wf.dig", "retries: 3\n+a:\n  probe>: a\n"))).Status);
        await server.StartAttemptAsync();
        Assert.Equal("success", (await server.EndOfAsync("1")).GetString("status"));

        var name = new string('x', 250);
        await server.PushAsync("demo", "r2", ("wf.dig", $"+{name}:\n  +{name}:\n    +{name}:\n      probe>: a\n"));
        var refused = await server.StartAttemptAsync("2", time: "2026-03-05T00:00:00Z");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("Too long name of a task. Limit: 640 bytes, Current: 756, Name: +wf+x", refused.Body.GetString("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_ones_own_win_over_the_profile()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.profile", "td"), ("executor.attempt_max_run", "7")]);

        Assert.Equal("7", (await server.GetAsync("api/admin/status")).GetMap("limits").GetString("executor.attempt_max_run"));
    }

    private static Task<(HttpStatusCode Status, ConfigMap Body)> BackfillAsync(RunningServer server, string body) =>
        server.SendAsync(HttpMethod.Post, "api/schedules/1/backfill", body);

    private static IEnumerable<string> Times(ConfigMap answer) =>
        ((ConfigList)answer["attempts"]!).Items.Cast<ConfigMap>().Select(a => a.GetString("sessionTime")).Order();

    private static string[] Names(ConfigMap page) =>
        [.. ((ConfigList)page["revisions"]!).Items.Cast<ConfigMap>().Select(r => r.GetString("revision"))];

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
