using System.Net;
using System.Net.Http.Headers;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Http;

/// <summary>What the API tells beyond Digdag's about durations, leases and unpushed projects.</summary>
public sealed class InsightTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 4, 5, 6, 7);

    private readonly ProbeOperator _probe = new();
    private readonly FakeClock _clock = new(Start);

    [Fact]
    public async Task Sessions_and_attempts_are_narrowed_to_durations()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("p", "r1", ("wf.dig", "+a:\n  probe>: a\n"));
        _probe.Hold("a");
        await server.StartAttemptAsync();
        await _probe.Entered("a");
        _clock.AdvanceSeconds(90);

        Assert.Equal(["1"], await IdsAsync("sessions", "min_duration=90"));
        Assert.Empty(await IdsAsync("sessions", "min_duration=1m 31s"));
        Assert.Equal(["1"], await IdsAsync("attempts", "max_duration=2m&min_duration=1m"));
        Assert.Empty(await IdsAsync("attempts", "max_duration=89s"));
        Assert.Equal(["1"], await IdsAsync("attempts", "workflow=wf&min_duration=1s"));
        Assert.Empty(await IdsAsync("attempts", "workflow=other&min_duration=1s"));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Get, "api/sessions?min_duration=soon")).Status);
        _probe.LetGo("a");
        await server.EndOfFirstAsync();

        async Task<IEnumerable<string>> IdsAsync(string list, string query) =>
            Items(await server.GetAsync($"api/{list}?{query}"), list).Select(s => s.GetString("id"));
    }

    [Fact]
    public async Task The_usual_duration_of_a_task_is_the_median_of_earlier_runs()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("p", "r1", ("wf.dig", "+a:\n  probe>: ${session_date}\n"));
        foreach (var (attempt, seconds) in ((int, int)[])[(1, 10), (2, 40), (3, 20), (4, 7)])
        {
            var day = $"2026-01-0{attempt}";
            _probe.Hold(day);
            await server.StartAttemptAsync(time: day + "T00:00:00Z");
            await _probe.Entered(day);
            _clock.AdvanceSeconds(seconds);
            _probe.LetGo(day);
            await server.EndOfAsync($"{attempt}");
        }

        Assert.Equal(["+wf+a 3 20000"], await TypicalsAsync("4"));
        Assert.Equal(["+wf+a 2 25000"], await TypicalsAsync("3"));
        Assert.Equal(["+wf+a 1 20000"], await TypicalsAsync("4", "?count=1"));
        Assert.Empty(await TypicalsAsync("1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Get, "api/attempts/1/task_durations?count=51")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, "api/attempts/9/task_durations")).Status);

        async Task<IEnumerable<string>> TypicalsAsync(string attempt, string query = "") =>
            Items(await server.GetAsync($"api/attempts/{attempt}/task_durations{query}"), "tasks")
                .Select(t => $"{t.GetString("fullName")} {t.GetInt64("runs")} {t.GetInt64("medianMilliseconds")}");
    }

    [Fact]
    public async Task The_status_shows_who_holds_what_and_what_waits_for_what()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);
        await server.PushAsync("p", "r1", ("wf.dig", "schedule:\n  daily>: 00:00:00\n\n+a:\n  probe>: a\n"));
        _probe.Hold("a");
        await server.SendAsync(HttpMethod.Post, "api/schedules/1/backfill", """{"fromTime":"2026-03-02T00:00:00Z","attemptName":"b","count":2,"dryRun":false}""");
        await _probe.Entered("a");

        var status = await server.GetAsync("api/admin/status");

        var leases = (ConfigMap)status["leases"]!;
        var held = Assert.Single(Items(leases, "oldest"));
        Assert.Equal((1L, "1", "p", "wf", 1L), (leases.GetInt64("total"), held.GetString("id"), held.GetString("project"), held.GetString("workflow"), held.GetInt64("tasks")));
        Assert.True(held.GetInt64("token") >= 1);
        Assert.Equal(status.GetString("node"), held.GetString("node"));
        var queue = (ConfigMap)status["queue"]!;
        var waiting = Assert.Single(Items(queue, "oldest"));
        Assert.Equal((1L, "2", "1", "1"), (queue.GetInt64("total"), waiting.GetString("id"), waiting.GetString("waitsForSessionId"), waiting.GetString("waitsForAttemptId")));
        _probe.LetGo("a");
        await server.EndOfNthAsync(2);
    }

    [Fact]
    public async Task A_check_finds_what_a_push_would_refuse_and_more_and_stores_nothing()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);

        var (status, report) = await CheckAsync(server, RunningServer.Archive(("wf.dig", "+a:\n  prob>: a\n"), ("broken.dig", "+a: [\n")));

        Assert.Equal((HttpStatusCode.OK, false, 1L, 1L), (status, report.GetBoolean("ok"), report.GetInt64("errors"), report.GetInt64("warnings")));
        Assert.Equal(
            ["broken.dig:2:1 error WF0101", "wf.dig:2:3 warning WF0713"],
            Items(report, "diagnostics").Select(d =>
                $"{d.GetString("file")}:{d.GetInt64("line")}:{d.GetInt64("column")} {d.GetString("severity")} {d.GetString("code")}"));
        Assert.Empty(Items(await server.GetAsync("api/projects"), "projects"));
    }

    [Fact]
    public async Task What_is_no_archive_or_leaves_its_folder_is_not_checked()
    {
        await using var server = await RunningServer.StartAsync(_probe, _clock);

        Assert.Equal(HttpStatusCode.BadRequest, (await CheckAsync(server, [1, 2, 3])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CheckAsync(server, RunningServer.Archive(("../out.dig", "+a:\n  probe>: a\n")))).Status);
    }

    private static IEnumerable<ConfigMap> Items(ConfigMap answer, string name) => ((ConfigList)answer[name]!).Items.Cast<ConfigMap>();

    private static async Task<(HttpStatusCode Status, ConfigMap Report)> CheckAsync(RunningServer server, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var response = await server.Http.PostAsync("api/check?project=p", content, TestContext.Current.CancellationToken);
        return (response.StatusCode, await RunningServer.ReadAsync(response));
    }
}
