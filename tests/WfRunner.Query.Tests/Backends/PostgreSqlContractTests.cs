using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;
using WfRunner.Query.Backends.PostgreSql;
using WfRunner.Tests.Shared;

namespace WfRunner.Query.Tests.Backends;

/// <summary>The contract on a PostgreSQL server, and what only PostgreSQL has.</summary>
public sealed class PostgreSqlContractTests(PostgresServer server) : BackendContractTests, IClassFixture<PostgresServer>
{
    private readonly string _database = server.CreateDatabaseAsync().GetAwaiter().GetResult();

    protected override IQueryBackend Backend { get; } = new PostgreSqlBackend();

    protected override BackendSettings Settings => SettingsOf(new() { ["pg.password"] = PostgresServer.Password });

    protected override string Series(long n) => $"generate_series(cast(1 as bigint), {n}) as s(x)";

    [Theory]
    [InlineData("cast(1.5 as double precision)", "double", "1.5")]
    [InlineData("'NaN'::float8::text", "varchar", "\"NaN\"")]
    [InlineData("123456789012345678901234567890.12::numeric(40,2)", "decimal(40,2)", "\"123456789012345678901234567890.12\"")]
    [InlineData("true", "boolean", "true")]
    [InlineData("date '2024-03-13'", "date", "\"2024-03-13\"")]
    [InlineData("timestamp '2024-03-13 04:05:06.5'", "timestamp", "\"2024-03-13 04:05:06.500\"")]
    [InlineData("timestamp '2024-03-13 04:05:06'", "timestamp", "\"2024-03-13 04:05:06.000\"")]
    [InlineData("timestamptz '2024-03-13 04:05:06+09'", "timestamp with time zone", "\"2024-03-12 19:05:06.000 UTC\"")]
    [InlineData("array[1, null, 3]", "array(integer)", "[1,null,3]")]
    [InlineData("array['a,b', '', null, 'q\"\\x', 'NULL', '{']", "array(varchar)", """["a,b","",null,"q\"\\x","NULL","{"]""")]
    [InlineData("array[array[1], array[2]]", "array(integer)", "[[1],[2]]")]
    [InlineData("'{\"a\": [1, null]}'::jsonb", "json", """{"a":[1,null]}""")]
    [InlineData("'x'::varchar(20)", "varchar", "\"x\"")]
    [InlineData("interval '1 day'", "varchar", "\"1 day\"")]
    public async Task Values_are_read_as_they_are(string expression, string type, string json)
    {
        var (columns, rows) = await RunAsync($"select {expression} as v");

        Assert.Equal(type, columns[0].Type);
        Assert.Equal($"[{json}]", Assert.Single(rows));
    }

    [Fact]
    public async Task Dollar_quotes_hold_semicolons() => Assert.Equal(
        ["[1]"], (await RunAsync("do $$ begin perform 1; perform 2; end $$; create function f() returns int as $x$ select 1; $x$ language sql; select f() as a")).Rows);

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        var request = Request("select 1") with { Settings = SettingsOf(new() { ["pg.password"] = "wr0ng-secret" }) };
        await using var job = await Backend.SubmitAsync(request, Cancellation);

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => job.WaitAsync(Cancellation));

        Assert.StartsWith($"PostgreSQL at 127.0.0.1:{server.Port} cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_needed()
    {
        await using var job = await Backend.SubmitAsync(Request("select 1") with { Settings = BackendSettings.None }, Cancellation);

        await Assert.ThrowsAsync<ConfigException>(() => job.WaitAsync(Cancellation));
    }

    private BackendSettings SettingsOf(Dictionary<string, string> secrets) => new(
        ConfigMap.Of(("postgresql", ConfigMap.Of(("host", "127.0.0.1"), ("port", server.Port), ("user", PostgresServer.User), ("database", _database), ("ssl", false)))),
        new Secrets(secrets),
        new Dictionary<string, string>());

    private sealed class Secrets(Dictionary<string, string> values) : ISecretProvider
    {
        public string? Find(string key) => values.GetValueOrDefault(key);
    }
}
