using System.Globalization;
using System.Net;

namespace WfRunner.Server.Tests.Http;

public sealed class MetricsTests
{
    private readonly ProbeOperator _probe = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_counted_and_measured()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n+b:\n  probe>: b\n"), ("bad.dig", "+x:\n  nosuch_operator>: x\n"));
        await server.StartAttemptAsync();
        await server.StartAttemptAsync("2");
        await server.EndOfAsync("1");
        await server.EndOfAsync("2");

        var metrics = await MetricsAsync(server);

        Assert.Equal(2, metrics["wf_attempts_started_total"]);
        Assert.Equal(1, metrics["wf_attempts_finished_total{state=\"success\"}"]);
        Assert.Equal(1, metrics["wf_attempts_finished_total{state=\"error\"}"]);
        Assert.Equal(2, metrics["wf_tasks_started_total{operator=\"probe\"}"]);
        Assert.Equal(2, metrics["wf_tasks_finished_total{operator=\"probe\",outcome=\"success\"}"]);

        // The unknown operator, and the alert that its failure causes: this server has no operator for that either.
        Assert.Equal(2, metrics["wf_tasks_finished_total{operator=\"other\",outcome=\"error\"}"]);
        Assert.Equal(0, metrics["wf_tasks_running"]);
        Assert.Equal(2, metrics["wf_task_duration_seconds_count{operator=\"probe\"}"]);
        Assert.Equal(0, metrics["wf_attempts{state=\"running\"}"]);
        Assert.True(metrics["wf_task_queue_wait_seconds_count"] >= 3);
        Assert.True(metrics["wf_task_log_bytes_total"] > 0);
        Assert.True(metrics["wf_store_duration_seconds_count{kind=\"write\",outcome=\"done\"}"] > 0);
        Assert.True(metrics["dotnet_process_memory_working_set_bytes"] > 0);
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_status_and_never_by_path()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.GetAsync("api/projects/1234567");
        await server.GetAsync("api/projects/7654321");

        var text = await server.Http.GetStringAsync("metrics", Cancellation);

        Assert.Contains(
            text.Split('\n'),
            l => l.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
                && l.Contains("http_route=\"/api/projects/{id}\"", StringComparison.Ordinal)
                && l.Contains("http_response_status_code=\"404\"", StringComparison.Ordinal)
                && l.EndsWith(" 2", StringComparison.Ordinal));
        Assert.DoesNotContain("1234567", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_is_well_formed()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.GetAsync("api/version");

        using var response = await server.Http.GetAsync("metrics", Cancellation);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n').Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.All(lines, l => Assert.Matches(@"^(# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .+|[a-zA-Z_][a-zA-Z0-9_]*(\{([a-z_]+=""[^""\\]*"",?)+\})? (\S+))$", l));
        var types = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToList();
        Assert.Equal(types.Distinct(), types);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Where_credentials_are_asked_for_metrics_are_open_only_when_they_are_said_to_be(bool isPublic, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config:
            [
                ("server.authenticator.basic.username", "ann"),
                ("server.authenticator.basic.password", "pw"),
                ("metrics.public", isPublic ? "true" : "false"),
            ]);

        using var response = await server.Http.GetAsync("metrics", Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<Dictionary<string, double>> MetricsAsync(RunningServer server) =>
        (await server.Http.GetStringAsync("metrics", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.StartsWith('#'))
            .ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
