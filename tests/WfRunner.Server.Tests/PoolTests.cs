using System.Net;
using System.Net.Http.Headers;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

/// <summary>Pools and queues: hosted-dialect 11, 18.5.</summary>
public sealed class PoolTests
{
    private const string Work = "+a:\n  probe>: ${session_time}\n";

    private readonly ProbeOperator _probe = new();

    [Fact]
    public async Task Attempts_beyond_their_pools_limit_wait_and_go_on_one_after_another()
    {
        await using var server = await StartAsync();
        Hold(0, 1, 2);
        var started = await Task.WhenAll(StartAsync(server, 0), StartAsync(server, 1), StartAsync(server, 2));
        Assert.All(started, s => Assert.Equal(HttpStatusCode.OK, s.Status));
        Assert.Equal(["queued", "queued", "running"], started.Select(s => s.Body.GetString("status")).Order());
        Assert.All(started, s => Assert.Equal("2", s.Body.GetString("poolId")));

        var refused = await StartAsync(server, 9, allowQueueing: false);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Too many attempts running. Limit: 1, Current: 1"), (refused.Status, refused.Body.GetString("message")));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Delete, "api/pools/2")).Status);

        LetGo(0, 1, 2);
        foreach (var attempt in started)
        {
            Assert.Equal("success", (await server.EndOfAsync(attempt.Body.GetString("id"))).GetString("status"));
        }

        Assert.Equal(3, _probe.Calls.Count);
    }

    [Fact]
    public async Task A_queued_attempt_is_found_by_its_status_and_can_be_killed()
    {
        await using var server = await StartAsync();
        Hold(0);
        await StartAsync(server, 0);
        var queued = await StartAsync(server, 1);

        var found = (ConfigMap)Assert.Single(((ConfigList)(await server.GetAsync("api/attempts?status=queued"))["attempts"]!).Items);
        Assert.Equal(queued.Body.GetString("id"), found.GetString("id"));
        var killed = await server.SendAsync(HttpMethod.Post, $"api/attempts/{queued.Body.GetString("id")}/kill");

        Assert.Equal((HttpStatusCode.OK, "killed"), (killed.Status, killed.Body.GetString("status")));
        LetGo(0);
    }

    [Fact]
    public async Task A_resumed_attempt_that_had_to_wait_still_skips_what_had_succeeded()
    {
        await using var server = await StartAsync();
        await server.PushAsync("act_r", "r1", ("wf.dig", "+a:\n  probe>: once\n+b:\n  probe>: ${missing.key}\n"));
        var failed = await StartAsync(server, 0, project: "act_r");
        await server.EndOfAsync(failed.Body.GetString("id"));
        Hold(0);
        var running = await StartAsync(server, 0);

        var resumed = await StartAsync(
            server, 0, project: "act_r", more: $$""","retryAttemptName":"r","resume":{"mode":"failed","attemptId":"{{failed.Body.GetString("id")}}"}""");
        Assert.Equal("queued", resumed.Body.GetString("status"));
        LetGo(0);
        await server.EndOfAsync(running.Body.GetString("id"));
        await server.EndOfAsync(resumed.Body.GetString("id"));

        Assert.Single(_probe.Calls, "once");
        Assert.Contains("+wf+a=success", await server.StatesAsync(resumed.Body.GetString("id")));
    }

    [Fact]
    public async Task Without_pools_answers_are_Digdags()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", Work));

        var started = await server.StartAttemptAsync();

        Assert.Null(started.Body["poolId"]);
    }

    [Fact]
    public async Task Only_admins_may_see_and_change_pools()
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config: [("server.authenticator.basic.users.ann.password", "pw"), ("server.authenticator.basic.users.root.password", "pw"), ("server.authenticator.basic.users.root.admin", "true")]);
        foreach (var (user, expected) in ((string, HttpStatusCode)[])[("ann", HttpStatusCode.Forbidden), ("root", HttpStatusCode.Created)])
        {
            server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(user + ":pw")));
            Assert.Equal(expected, (await server.SendAsync(HttpMethod.Post, "api/pools", """{"name":"p","concurrencyLimit":1}""")).Status);
        }
    }

    [Theory]
    [InlineData("pools", """{"name":"","concurrencyLimit":1}""", HttpStatusCode.BadRequest)]
    [InlineData("pools", """{"name":"act","concurrencyLimit":1}""", HttpStatusCode.Conflict)]
    [InlineData("pools", """{"name":"x","concurrencyLimit":-1}""", HttpStatusCode.BadRequest)]
    [InlineData("pools", """{"name":"x","concurrencyLimit":1000}""", HttpStatusCode.BadRequest)]
    [InlineData("pools", """{"name":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":0,"conditions":[{"type":"workflow_name","operator":"starts_with","values":["a"]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":1,"conditions":[{"type":"workflow_name","operator":"starts_with","values":["a"]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"9","priority":2,"conditions":[{"type":"workflow_name","operator":"starts_with","values":["a"]}]}""", HttpStatusCode.NotFound)]
    [InlineData("pool_rules", """{"poolId":"2","priority":2,"conditions":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":2,"conditions":[{"type":"color","values":["red"]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":2,"conditions":[{"type":"workflow_name","operator":"ends_with","values":["a"]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":2,"conditions":[{"type":"invocation_type","values":["sometimes"]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("pool_rules", """{"poolId":"2","priority":2,"conditions":["x"]}""", HttpStatusCode.BadRequest)]
    public async Task Wrong_pools_and_rules_are_refused(string what, string body, HttpStatusCode expected)
    {
        await using var server = await StartAsync();

        var answer = await server.SendAsync(HttpMethod.Post, "api/" + what, body);

        Assert.Equal(expected, answer.Status);
        Assert.NotEmpty(answer.Body.GetString("message"));
    }

    [Fact]
    public async Task Rules_can_be_read_changed_and_deleted()
    {
        await using var server = await StartAsync();
        Assert.Equal(
            """{"id":"1","poolId":"2","priority":1,"conditions":[{"type":"project_name","operator":"starts_with","values":["act_"]}]}""",
            (await server.GetAsync("api/pool_rules/1")).ToString());

        var changed = await server.SendAsync(HttpMethod.Patch, "api/pool_rules/1", """{"conditions":[{"type":"invocation_type","values":["scheduled"]}]}""");
        Assert.Equal("""[{"type":"invocation_type","values":["scheduled"]}]""", changed.Body["conditions"]!.ToString());
        Assert.Equal("running", (await StartAsync(server, 0)).Body.GetString("status"));
        Assert.Equal("1", (await StartAsync(server, 1)).Body.GetString("poolId"));

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, "api/pool_rules/1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Delete, "api/pool_rules/1")).Status);
        Assert.Equal(
            """{"id":"2","name":"renamed","concurrencyLimit":3,"default":false}""",
            (await server.SendAsync(HttpMethod.Patch, "api/pools/2", """{"name":"renamed","concurrencyLimit":3}""")).Body.ToString());
    }

    // A server with a pool of one for the project act_x, which is pushed.
    private async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(_probe);
        Assert.Equal(HttpStatusCode.Created, (await server.SendAsync(HttpMethod.Post, "api/pools", """{"name":"act","concurrencyLimit":1}""")).Status);
        var rule = await server.SendAsync(
            HttpMethod.Post,
            "api/pool_rules",
            """{"poolId":"2","priority":1,"conditions":[{"type":"project_name","operator":"starts_with","values":["act_"]}]}""");
        Assert.Equal(HttpStatusCode.Created, rule.Status);
        await server.PushAsync("act_x", "r1", ("wf.dig", Work));
        return server;
    }

    private static Task<(HttpStatusCode Status, ConfigMap Body)> StartAsync(
        RunningServer server, int hour, bool allowQueueing = true, string project = "act_x", string more = "") => server.SendAsync(
        HttpMethod.Put,
        "api/attempts",
        $$"""{"projectName":"{{project}}","workflowName":"wf","sessionTime":"{{Time(hour)}}","params":{},"allowQueueing":{{(allowQueueing ? "true" : "false")}}{{more}}}""");

    private static string Time(int hour) => $"2026-03-04T{hour:00}:00:00+00:00";

    private void Hold(params int[] hours) => Array.ForEach(hours, h => _probe.Hold(Time(h)));

    private void LetGo(params int[] hours) => Array.ForEach(hours, h => _probe.LetGo(Time(h)));
}
