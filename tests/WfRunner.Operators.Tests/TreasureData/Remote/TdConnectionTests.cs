using WfRunner.Core;
using WfRunner.Query;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>Which service and key a task uses, and which engine.</summary>
public sealed class TdConnectionTests : TdRemoteTests
{
    [Fact]
    public async Task An_address_of_the_service_never_leads_to_the_local_engine()
    {
        Context.SecretValues.Clear();

        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}}"));

        Assert.Equal("The 'td.apikey' secret is missing", failure.Message);
    }

    [Fact]
    public async Task An_empty_key_is_told()
    {
        Context.SecretValues["td.apikey"] = "  ";

        Assert.Equal("The 'td.apikey' secret is empty", (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}}"))).Message);
    }

    [Fact]
    public async Task Secrets_beat_parameters()
    {
        Context.SecretValues["td.endpoint"] = Server.Endpoint;
        Context.SecretValues["td.use_ssl"] = "FALSE";
        Context.SecretValues["td.database"] = "d";

        await RunAsync("{td>: {data: select 1}}", "{td: {database: ignored, endpoint: nowhere.invalid}}");

        Assert.StartsWith("POST /v3/job/issue/presto/d ", Assert.Single(Changes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_may_be_a_secret_alone()
    {
        Context.SecretValues["td.database"] = "d";

        await RunAsync("{td>: {data: select 1}}", $"{{td: {{endpoint: '{Server.Endpoint}', use_ssl: false}}}}");

        Assert.StartsWith("POST /v3/job/issue/presto/d ", Assert.Single(Changes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_used()
    {
        var port = Server.Endpoint.Split(':')[1];

        await RunAsync(
            "{td>: {data: select 1}}", $"{{td: {{database: d, endpoint: api.example.test, use_ssl: false, proxy: {{enabled: true, host: 127.0.0.1, port: '{port}'}}}}}}");

        Assert.Single(Changes);
    }

    [Theory]
    [InlineData("https://api.example.test")]
    [InlineData("api.example.test/path")]
    [InlineData("a b")]
    public async Task An_endpoint_is_a_host(string endpoint) => Assert.Equal(
        $"Parameter 'endpoint' must be a host, with a port where needed, but is {endpoint}",
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}}", $"{{td: {{database: d, endpoint: '{endpoint}'}}}}"))).Message);

    [Fact]
    public async Task A_service_that_is_not_there_is_asked_for_again()
    {
        Server.Dispose();
        State = Assert.IsType<Core.Operators.OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}")).StateParams;

        var again = Assert.IsType<Core.Operators.OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}", calls: 1));

        Assert.Equal(1, again.Interval.TotalSeconds);
        Assert.Contains("[SOCKET_ERROR] API request to /v3/job/issue/presto/d has failed. The root cause: ", Context.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{td>: {data: select 1 as a}, backend: duckdb}", null, null)]
    [InlineData("{td>: {data: select 1 as a}}", "query.backend", "duckdb")]
    [InlineData("{td>: {data: select 1 as a}, backend: treasuredata}", "query.backend_of_command_line", "duckdb")]
    public async Task The_local_engine_runs_only_where_it_is_named(string task, string? key, string? value)
    {
        if (key is not null)
        {
            Context.Config[key] = value!;
        }

        await RunAsync(task);

        Assert.Empty(Changes);
        Assert.Equal("INFO Running locally with DuckDB (no Treasure Data account used)", Context.Lines[0]);
    }

    [Fact]
    public async Task Without_any_word_of_the_service_the_local_engine_runs()
    {
        Context.SecretValues.Clear();

        await RunAsync("{td>: {data: select 1 as a}}", "{td: {database: d}}");

        Assert.Empty(Changes);
    }

    [Fact]
    public async Task An_unknown_engine_is_told() => Assert.Equal(
        "Unknown query backend 'oracle' (available: duckdb, treasuredata)",
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}, backend: oracle}"))).Message);

    [Fact]
    public async Task A_full_header_is_sent_as_it_is()
    {
        Context.SecretValues["td.apikey"] = "Bearer abc";

        await RunAsync("{td>: {data: select 1}}");

        Assert.Equal("Bearer abc", Server.Authorizations.First());
    }

    [Fact]
    public async Task A_key_with_a_line_break_is_refused()
    {
        Context.SecretValues["td.apikey"] = "a\nb";

        Assert.Equal(
            "The 'td.apikey' secret holds control characters",
            (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}}"))).Message);
    }

    [Fact]
    public async Task A_database_that_looks_like_a_path_stays_a_name()
    {
        await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync("{td>: {data: select 1}, database: ../x y}"));

        Assert.StartsWith("POST /v3/job/issue/presto/../x y ", Changes[0], StringComparison.Ordinal);
    }
}
