using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Redshift;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Redshift;

/// <summary>Redshift speaks PostgreSQL's protocol; GETDATE(), which PostgreSQL lacks, is made by the tests.</summary>
public sealed class RedshiftOperatorTests(PostgresServer server) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private readonly OperatorTestContext _context = new();
    private readonly RedshiftOperator _redshift = new();
    private string _database = string.Empty;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(
            _database,
            "create function getdate() returns timestamp language sql as 'select now() at time zone ''UTC'''; create schema s; create table t (a int)");
        _context.SecretValues["aws.redshift.password"] = PostgresServer.Password;
        _context.SecretValues["aws.redshift.host"] = "127.0.0.1";
        _context.SecretValues["aws.redshift.port"] = $"{server.Port}";
    }

    public ValueTask DisposeAsync()
    {
        _context.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Work_is_done_once_and_has_a_status_table_of_its_own()
    {
        var id = Guid.NewGuid().ToString();

        await CallAsync("redshift>: {data: select 1}\ninsert_into: t", id);
        await CallAsync("redshift>: {data: select 1}\ninsert_into: t", id);

        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from t"));
        Assert.Equal(
            $"{id}|t|t",
            await server.QueryAsync(_database, $"select query_id, created_at is not null, completed_at is not null from \"__digdag_status_{id}\""));
    }

    [Fact]
    public async Task A_second_run_waits_for_the_first_one_and_then_skips()
    {
        var id = Guid.NewGuid().ToString();
        await using var other = await server.OpenAsync(_database);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new Npgsql.NpgsqlCommand(
            $"create table \"__digdag_status_{id}\" (query_id, created_at, completed_at) as select '{id}'::text, now(), now()", other))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var waiting = CallAsync("redshift>: {data: select 1}\ninsert_into: t", id);
        while (await server.QueryAsync(_database, "select count(*) from pg_locks where not granted") == "0")
        {
            Assert.False(waiting.IsCompleted);
        }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await waiting;

        Assert.Equal("0", await server.QueryAsync(_database, "select count(*) from t"));
    }

    [Fact]
    public async Task A_failure_leaves_nothing_and_may_be_repeated()
    {
        var id = Guid.NewGuid().ToString();

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => CallAsync("redshift>: {data: insert into t values (1); select nothing}", id));

        Assert.StartsWith("Failed to execute given SQL script [ERROR: column \"nothing\" does not exist", failure.Message, StringComparison.Ordinal);
        await CallAsync("redshift>: {data: insert into t values (2)}", id);
        Assert.Equal("2", await server.QueryAsync(_database, "select * from t"));
    }

    [Fact]
    public async Task Old_status_tables_are_dropped_and_nothing_else()
    {
        await server.ExecuteAsync(
            _database,
            """
            create table "__digdag_status_old" as select 'a'::text as query_id, now() as created_at, now() - interval '2 days' as completed_at;
            create table "__digdag_status_new" as select 'b'::text as query_id, now() as created_at, now() as completed_at;
            create table "__digdag_status_open" as select 'c'::text as query_id, now() as created_at, null::timestamptz as completed_at;
            create table "__digdag_status_odd" (x int);
            create table "aadigdagastatusaold" as select 'd'::text as query_id, now() as created_at, now() - interval '2 days' as completed_at;
            create table s."__digdag_status_old" as select 'e'::text as query_id, now() as created_at, now() - interval '2 days' as completed_at;
            """);

        await CallAsync("redshift>: {data: select 1}", "mine");

        Assert.Equal(
            "public.__digdag_status_mine\npublic.__digdag_status_new\npublic.__digdag_status_odd\npublic.__digdag_status_open\npublic.aadigdagastatusaold\npublic.t\ns.__digdag_status_old",
            await server.QueryAsync(_database, "select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 's') order by 1"));
        Assert.Contains(_context.Lines, l => l.StartsWith("WARN Failed to drop expired status table: \"public\".\"__digdag_status_odd\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_strict_transaction_there_is_no_status_table()
    {
        await CallAsync("redshift>: {data: insert into t values (1)}\nstrict_transaction: false", "id");

        Assert.Equal("t", await server.QueryAsync(_database, "select tablename from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task A_schema_is_searched_first()
    {
        await server.ExecuteAsync(_database, "create table s.only_there as select 5 as a");

        var result = await CallAsync("redshift>: {data: select a from only_there}\nschema: s\nstore_last_results: first", "id");

        Assert.Equal("""{"redshift":{"last_results":{"a":5}}}""", ConfigJson.Write(result.StoreParams));
        Assert.Equal(["redshift.last_results"], result.ResetStoreParams);
    }

    [Fact]
    public async Task Limits_are_those_of_redshift()
    {
        _context.Config["config.redshift.max_store_last_results_rows"] = "2";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => CallAsync("redshift>: {data: 'select generate_series(1, 3)'}\nstore_last_results: all", "id"));

        Assert.Equal("The number of result rows exceeded the limit: 3 > 2", failure.Message);
    }

    [Fact]
    public async Task Where_no_table_may_be_created_the_message_tells_what_helps()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => CallAsync("redshift>: {data: insert into t values (1)}\nstatus_table_schema: nowhere", "id"));

        Assert.StartsWith("Failed to create a status table.\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("status_table_schema", failure.Message, StringComparison.Ordinal);
        Assert.Equal("0", await server.QueryAsync(_database, "select count(*) from t"));
    }

    [Fact]
    public async Task Missing_settings_are_named()
    {
        _context.SecretValues.Remove("aws.redshift.host");

        Assert.Equal(
            "Parameter 'host' is required but not set",
            (await Assert.ThrowsAsync<ConfigException>(() => CallAsync("redshift>: {data: select 1}", "id"))).Message);
    }

    private async Task<TaskResult> CallAsync(string task, string queryId) => Assert.IsType<OperatorOutcome.Succeeded>(await _redshift.RunAsync(
        OperatorTestContext.Request($"{task}\nuser: {PostgresServer.User}\ndatabase: {_database}") with
        {
            StateParams = ConfigMap.Of(("queryId", queryId)),
        },
        _context,
        TestContext.Current.CancellationToken)).Result;
}
