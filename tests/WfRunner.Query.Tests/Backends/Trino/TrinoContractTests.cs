using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;
using WfRunner.Query.Backends.Trino;

namespace WfRunner.Query.Tests.Backends.Trino;

/// <summary>The contract over Trino's protocol, and the protocol itself.</summary>
public sealed class TrinoContractTests : BackendContractTests
{
    private readonly TrinoServer _server = new();
    private readonly TrinoBackend _backend = new();

    protected override IQueryBackend Backend => _backend;

    protected override BackendSettings Settings => SettingsOf(Section());

    protected override string Series(long n) => $"(select unnest(generate_series(1, {n})) as x) as s";

    public override void Dispose()
    {
        _backend.Dispose();
        _server.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task A_statement_comes_with_the_session()
    {
        var settings = SettingsOf(Section().With("catalog", "hive").With("session", ConfigMap.Of(("query_max_run_time", "5m"), ("p", "a,b=c"))));

        await using var job = await Backend.SubmitAsync(Request("select 1 as a") with { Settings = settings }, Cancellation);
        await job.WaitAsync(Cancellation);

        var (sql, headers) = Assert.Single(_server.Received);
        Assert.Equal("select 1 as a", sql);
        Assert.Equal("me", headers["X-Trino-User"]);
        Assert.Equal("wf", headers["X-Trino-Source"]);
        Assert.Equal("hive", headers["X-Trino-Catalog"]);
        Assert.Equal("test", headers["X-Trino-Schema"]);
        Assert.Equal("UTC", headers["X-Trino-Time-Zone"]);
        Assert.Equal("query_max_run_time=5m,p=a%2Cb%3Dc", headers["X-Trino-Session"].Replace(", ", ",", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_server_sets_holds_for_the_following_statements()
    {
        _server.NextHeader = ("X-Trino-Set-Session", "join=a%20b");

        await RunAsync("select 1 as a; select 2 as b");

        Assert.Equal("join=a%20b", _server.Received.Last().Headers["X-Trino-Session"]);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(429)]
    public async Task A_busy_server_is_asked_again(int status)
    {
        _server.Faults.Enqueue(status);
        _server.Faults.Enqueue(status);

        Assert.Equal(["[1]"], (await RunAsync("select 1 as a")).Rows);
    }

    [Fact]
    public async Task Another_refusal_fails_at_once()
    {
        _server.Faults.Enqueue(401);

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a"));

        Assert.Equal($"Trino error: 127.0.0.1:{_server.Port} answers 401 Unauthorized: planted", failure.Message);
    }

    [Fact]
    public async Task A_statement_whose_answer_is_lost_is_not_sent_again()
    {
        _server.Faults.Enqueue(0);

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a"));

        Assert.Contains("broke", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _server.Broken);
        Assert.Empty(_server.Received);
    }

    [Fact]
    public async Task A_query_that_is_left_is_ended_on_the_server()
    {
        await using (var job = await Backend.SubmitAsync(Request($"select x from {Series(50_000)}"), Cancellation))
        {
            await job.WaitAsync(Cancellation);
        }

        Assert.Equal(1, _server.Ended);
    }

    [Fact]
    public async Task Pages_at_another_address_are_refused()
    {
        _server.Elsewhere = "http://evil.example.test";

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a"));

        Assert.Equal($"Trino error: 127.0.0.1:{_server.Port} continues at another address, http://evil.example.test", failure.Message);
    }

    [Fact]
    public async Task A_mistake_in_a_target_is_told_with_its_place()
    {
        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => IntoAsync("select\n  nothing_here as a", "t", QueryTargetMode.Replace));

        Assert.Equal((2, 3), (failure.Line, failure.Column));
    }

    [Theory]
    [InlineData("host", null, "The backend trino needs a host: set the secret trino.host, or `trino: {host: ...}` under `_export: td:`")]
    [InlineData("user", null, "The backend trino needs a user: set the secret trino.user, or `trino: {user: ...}`")]
    [InlineData("port", "x", "port of trino must be a number from 1 to 65535, but is x")]
    [InlineData("ssl", "maybe", "ssl of trino must be true or false, but is maybe")]
    [InlineData("host", "a/b", "host of trino is no host name: a/b")]
    public async Task A_wrong_setting_is_told(string key, string? value, string message)
    {
        var section = value is null ? Section().Without(key) : Section().With(key, value);
        await using var job = await Backend.SubmitAsync(Request("select 1") with { Settings = SettingsOf(section) }, Cancellation);

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => job.WaitAsync(Cancellation))).Message);
    }

    [Theory]
    [InlineData("trino.password")]
    [InlineData("trino.token")]
    public async Task A_secret_is_not_sent_in_the_clear(string key)
    {
        await using var job = await Backend.SubmitAsync(Request("select 1") with { Settings = SettingsOf(Section(), key) }, Cancellation);

        Assert.Equal(
            "A password or token of trino is only sent over TLS: remove `ssl: false`",
            (await Assert.ThrowsAsync<ConfigException>(() => job.WaitAsync(Cancellation))).Message);
        Assert.Empty(_server.Received);
    }

    private ConfigMap Section() => ConfigMap.Of(("host", "127.0.0.1"), ("port", _server.Port), ("user", "me"), ("ssl", false));

    private static BackendSettings SettingsOf(ConfigMap section, string? secret = null) =>
        new(ConfigMap.Of(("trino", section)), new Secrets(secret), new Dictionary<string, string>());

    private sealed class Secrets(string? key) : ISecretProvider
    {
        public string? Find(string name) => name == key ? "s3cret" : null;
    }
}
