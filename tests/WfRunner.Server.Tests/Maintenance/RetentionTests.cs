using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Maintenance;

public sealed class RetentionTests : IDisposable
{
    private readonly ProbeOperator _probe = new();

    // Files get the real time, so the clock starts there.
    private readonly FakeClock _clock = new(SystemClock.Instance.GetCurrentInstant());
    private readonly string _logs = Directory.CreateTempSubdirectory("wf-retention-").FullName;

    public void Dispose() => Directory.Delete(_logs, recursive: true);

    [Fact]
    public async Task What_ended_long_ago_goes_with_its_logs_and_what_runs_stays()
    {
        var foreign = Directory.CreateDirectory(Path.Combine(_logs, "backup", "2020-01-01")).FullName;
        _probe.Hold("held");
        await using var server = await StartAsync(("retention.days", "30"));
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"), ("held.dig", "+h:\n  probe>: held\n"));
        await server.StartAttemptAsync("2");
        await server.EndOfAsync("1");
        await server.StartAttemptAsync("1");
        await _probe.Entered("held");

        _clock.AdvanceDays(29);
        server.Server.ClockChanged();
        Assert.Equal(["2", "1"], await SessionsAsync(server));
        _clock.AdvanceDays(2);
        server.Server.ClockChanged();

        await UntilAsync(async () => await SessionsAsync(server) is ["2"]);
        Assert.Equal("Resource does not exist: session attempt id=1", (await server.GetAsync("api/attempts/1/tasks")).GetString("message"));
        _probe.LetGo("held");
        await server.EndOfAsync("2");
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public async Task Nothing_goes_unless_that_is_configured()
    {
        await using var server = await StartAsync();
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();

        _clock.AdvanceDays(10_000);
        server.Server.ClockChanged();

        Assert.Equal(["1"], await SessionsAsync(server));
        Assert.NotEmpty(Directory.GetFiles(_logs, "*.gz", SearchOption.AllDirectories));
    }

    private Task<RunningServer> StartAsync(params (string Key, string Value)[] config) =>
        RunningServer.StartAsync(_probe, _clock, config: [("log-server.local.path", _logs), ("executor.attempt_ttl", "20000d"), ("executor.task_ttl", "20000d"), .. config]);

    private static async Task<IReadOnlyList<string>> SessionsAsync(RunningServer server) =>
    [
        .. ((ConfigList)(await server.GetAsync("api/sessions"))["sessions"]!).Items.Cast<ConfigMap>().Select(s => s.GetString("id")),
    ];

    // The API is the only way to hear of it from outside.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
