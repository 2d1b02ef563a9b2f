using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Sql;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Sql;

public sealed class PgOperatorTests(PostgresServer server) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private readonly OperatorTestContext _context = new();
    private readonly PgOperator _pg = new();
    private string _database = string.Empty;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _context.SecretValues["pg.password"] = PostgresServer.Password;
    }

    public ValueTask DisposeAsync()
    {
        _context.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_script_runs_in_one_transaction_and_is_noted()
    {
        _context.Write("make.sql", "create table ${name} (a int); insert into ${name} values (1), (2);");

        await RunAsync("pg>: make.sql\nname: t");

        Assert.Equal("2", await server.QueryAsync(_database, "select count(*) from t"));
        Assert.Equal("1|1", await server.QueryAsync(_database, "select count(*), count(completed_at) from __digdag_status"));
    }

    [Fact]
    public async Task The_first_call_only_saves_what_identifies_the_work()
    {
        var polling = Assert.IsType<OperatorOutcome.Polling>(await _context.RunAsync(_pg, "pg>: {data: select 1}\nhost: unreachable.invalid\nuser: u\ndatabase: d"));

        Assert.Equal(NodaTime.Duration.Zero, polling.Interval);
        Assert.True(Guid.TryParse(polling.StateParams.GetString("queryId"), out _));
    }

    [Fact]
    public async Task Work_that_is_noted_as_done_is_not_done_again()
    {
        await server.ExecuteAsync(_database, "create table t (a int)");
        var state = Assert.IsType<OperatorOutcome.Polling>(await FirstCallAsync("pg>: {data: select 1}\ninsert_into: t")).StateParams;

        await CallAsync("pg>: {data: select 1}\ninsert_into: t", state);
        await CallAsync("pg>: {data: select 1}\ninsert_into: t", state);

        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from t"));
        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from __digdag_status where completed_at is not null"));
    }

    [Fact]
    public async Task Work_that_another_run_does_just_now_is_waited_for()
    {
        await server.ExecuteAsync(_database, "create table t (a int)");
        var state = Assert.IsType<OperatorOutcome.Polling>(await FirstCallAsync("pg>: {data: select 1}\ninsert_into: t")).StateParams;
        await CallAsync("pg>: {data: select 0}\nstrict_transaction: true", state.With("queryId", "other"));
        var id = state.GetString("queryId");
        await server.ExecuteAsync(_database, $"insert into __digdag_status (query_id, created_at) values ('{id}', now())");
        await using var other = await server.OpenAsync(_database);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new Npgsql.NpgsqlCommand($"select * from __digdag_status where query_id = '{id}' for update", other))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var first = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("pg>: {data: select 1}\ninsert_into: t", state));
        var second = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("pg>: {data: select 1}\ninsert_into: t", first.StateParams));

        Assert.Equal(NodaTime.Duration.FromSeconds(1), first.Interval);
        Assert.Equal(NodaTime.Duration.FromSeconds(2), second.Interval);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.IsType<OperatorOutcome.Succeeded>(await CallAsync("pg>: {data: select 1}\ninsert_into: t", second.StateParams));
        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from t"));
    }

    [Fact]
    public async Task A_failed_statement_leaves_nothing_but_its_open_note()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync("pg>: {data: create table half (a int); insert into nowhere values (1)}"));

        Assert.StartsWith("Failed to execute given SQL script [ERROR: relation \"nowhere\" does not exist\n  Position: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal("0", await server.QueryAsync(_database, "select count(*) from pg_tables where tablename = 'half'"));
        Assert.Equal("1|0", await server.QueryAsync(_database, "select count(*), count(completed_at) from __digdag_status"));
    }

    [Fact]
    public async Task Without_strictness_there_is_no_status_table()
    {
        await RunAsync("pg>: {data: create table t (a int)}\nstrict_transaction: false");

        Assert.Equal("t", await server.QueryAsync(_database, "select tablename from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task Tables_are_replaced_and_appended_to_under_any_name()
    {
        await server.ExecuteAsync(_database, "create schema \"My Schema\"");

        await RunAsync("pg>: {data: select 1 as a}\ncreate_table: 'My Schema.a\"b'");
        await RunAsync("pg>: {data: select 2 as a}\ncreate_table: 'My Schema.a\"b'");
        await RunAsync("pg>: {data: select 3}\ninsert_into: 'My Schema.a\"b'");

        Assert.Equal("2\n3", await server.QueryAsync(_database, "select a from \"My Schema\".\"a\"\"b\" order by 1"));
    }

    [Fact]
    public async Task Old_notes_are_forgotten()
    {
        await RunAsync("pg>: {data: select 1}");
        await server.ExecuteAsync(_database, "update __digdag_status set completed_at = now() - interval '2 hour'");

        await RunAsync("pg>: {data: select 1}\nstatus_table_cleanup: 1h");

        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from __digdag_status"));
    }

    [Fact]
    public async Task Someone_who_may_not_create_tables_gets_advice_or_uses_an_existing_one()
    {
        var role = "r" + Guid.NewGuid().ToString("N");
        await server.ExecuteAsync(
            _database, $"create role {role} login password 'x'; revoke create on schema public from public; create table t (a int); grant all on t to {role}");
        _context.SecretValues["pg.other"] = "x";
        var task = $"pg>: {{data: select 1}}\ninsert_into: t\nuser: {role}\npassword_override: other";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(task));
        await server.ExecuteAsync(
            _database,
            "create table __digdag_status (query_id text NOT NULL UNIQUE, created_at timestamptz NOT NULL, completed_at timestamptz); "
                + $"grant all on __digdag_status to {role}");
        await RunAsync(task);

        Assert.StartsWith("Failed to create a status table \"__digdag_status\".\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("strict_transaction: false", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("[ERROR: permission denied for schema public\n  Position: 28]", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", await server.QueryAsync(_database, "select count(*) from t"));
    }

    [Fact]
    public async Task A_file_gets_the_rows_as_csv()
    {
        await RunAsync(
            "pg>: {data: \"select null as n, '' as e, 'a\\\"b' as q, 'x,y' as c, true as b, 5::float8 as f, 1.50::numeric as d, timestamp '2016-01-01 00:00:00' as t, date '2016-01-02' as dd, array[1,2] as a, E'l\\\\r\\\\nm' as l\"}\ndownload_file: out/rows.csv");

        Assert.Equal(
            "n,e,q,c,b,f,d,t,dd,a,l\r\n,\"\",\"a\"\"b\",\"x,y\",true,5.0,1.50,2016-01-01 00:00:00.0,2016-01-02,\"{1,2}\",\"l\nm\"\r\n",
            File.ReadAllText(_context.PathOf("out/rows.csv")));
        Assert.Equal("0", await server.QueryAsync(_database, "select count(*) from pg_tables where tablename = '__digdag_status'"));
    }

    [Fact]
    public async Task A_failed_download_leaves_the_old_file()
    {
        _context.Write("rows.csv", "old");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync("pg>: {data: 'select 1 / (3 - g) from generate_series(1, 3) g'}\ndownload_file: rows.csv"));

        Assert.Contains("[ERROR: division by zero]", failure.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_context.PathOf("rows.csv")));
        Assert.Equal(["rows.csv"], Directory.GetFiles(_context.ProjectDirectory).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("first", "select 1 as i, true as b, 'x' as s, null as n", """{"i":1,"b":true,"s":"x","n":null}""")]
    [InlineData("true", "select 1 as i union all select 2", """{"i":1}""")]
    [InlineData("first", "select 1 as i where false", "{}")]
    [InlineData("all", "select g from generate_series(1, 2) g", """[{"g":1},{"g":2}]""")]
    [InlineData("all", "select 1 as g where false", "[]")]
    [InlineData("first", "select 9007199254740993::int8 as i, 1.5::float4 as f, 'NaN'::float8 as nan, 0.10::numeric as n", """{"i":9007199254740993,"f":1.5,"nan":"NaN","n":0.1}""")]
    [InlineData("first", "select '\\\\x00ff'::bytea as b, '00:00:01'::time as t, '{\\\"a\\\":1}'::json as j, 'x'::char(3) as c", """{"b":"AP8=","t":"00:00:01","j":"{\"a\":1}","c":"x  "}""")]
    public async Task Results_become_parameters(string which, string query, string expected)
    {
        var result = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync($"pg>: {{data: \"{query}\"}}\nstore_last_results: {which}")).Result;

        Assert.Equal(expected, ConfigJson.Write(result.StoreParams.GetMap("pg")["last_results"]!));
        Assert.Equal(["pg.last_results"], result.ResetStoreParams);
    }

    [Fact]
    public async Task Times_become_milliseconds_since_1970()
    {
        var result = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync(
            "pg>: {data: \"select timestamptz '2016-01-01 00:00:00.25+09' as z, timestamptz '2016-01-01 00:00:00+09' = timestamptz '2015-12-31 15:00:00Z' as same\"}\nstore_last_results: first")).Result;

        Assert.Equal(1451574000250, result.StoreParams.GetMap("pg").GetMap("last_results").GetInt64("z"));
    }

    [Theory]
    [InlineData("all", "select g from generate_series(1, 8193) g", "The number of result rows exceeded the limit: 8193 > 8192")]
    [InlineData("first", "select repeat('x', 257)", "The size of result value exceeded the limit: 257 > 256")]
    public async Task Too_much_is_not_stored(string which, string query, string message)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync($"pg>: {{data: \"{query}\"}}\nstore_last_results: {which}"));

        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData("config.pg.max_store_last_results_columns", "The number of result columns exceeded the limit: 2 > 1")]
    [InlineData("config.jdbc.max_store_last_results_columns", "The number of result columns exceeded the limit: 2 > 1")]
    public async Task Limits_come_from_the_configuration(string key, string message)
    {
        _context.Config[key] = "1";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("pg>: {data: 'select 1, 2'}\nstore_last_results: first"));

        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData("insert into t values (1) returning a")]
    [InlineData("with w as (insert into t values (1) returning a) select * from w")]
    [InlineData("select 1; delete from t")]
    public async Task Reading_cannot_write(string query)
    {
        await server.ExecuteAsync(_database, "create table t (a int)");

        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync($"pg>: {{data: \"{query}\"}}\ndownload_file: x.csv"));

        Assert.Equal("Query must be read-only if download_file is set", failure.Message);
        Assert.Equal("0", await server.QueryAsync(_database, "select count(*) from t"));
    }

    [Theory]
    [InlineData("select 1; select 2", "Failed to execute given SELECT statement [Multiple ResultSets were returned by the query.]")]
    [InlineData("set local work_mem = 1000", "Failed to execute given SELECT statement [No results were returned by the query.]")]
    [InlineData("select nowhere", "Failed to execute given SELECT statement [ERROR: column \"nowhere\" does not exist\n  Position: 8]")]
    public async Task Reading_takes_one_select(string query, string message)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync($"pg>: {{data: \"{query}\"}}\nstore_last_results: all"));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_wrong_password_is_said_to_be_that()
    {
        _context.SecretValues["pg.password"] = "wrong";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("pg>: {data: select 1}"));

        Assert.Equal("Failed to connect to the database [FATAL: password authentication failed for user \"wf\"]", failure.Message);
    }

    [Theory]
    [InlineData("host", "Parameter 'host' is required but not set")]
    [InlineData("user", "Parameter 'user' is required but not set")]
    [InlineData("database", "Parameter 'database' is required but not set")]
    public async Task What_is_missing_is_named(string key, string message)
    {
        var options = ConfigMap.Of(("host", "h"), ("user", "u"), ("database", "d")).Without(key);

        var failure = await Assert.ThrowsAsync<ConfigException>(
            () => _context.RunAsync(_pg, "pg>: {data: select 1}", ConfigJson.Write(options)));

        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData("insert_into: a\ncreate_table: b", "Can't use both of insert_into and create_table")]
    [InlineData("insert_into: a\ndownload_file: b", "Can't use download_file with insert_into or create_table")]
    [InlineData("create_table: a\nstore_last_results: all", "Can't use store_last_results with insert_into or create_table")]
    [InlineData("download_file: a\nstore_last_results: true", "Can't use both download_file and store_last_results at once")]
    [InlineData("store_last_results: some", "store_last_results must be false, first or all: \"some\"")]
    [InlineData("connect_timeout: 10", "Expected a duration such as \"1h 30m\" for key 'connect_timeout' but got \"10\"")]
    [InlineData("sslmode: maybe", "Unknown sslmode: maybe (disable, allow, prefer, require, verify-ca or verify-full)")]
    public async Task Wrong_options_are_refused(string options, string message)
    {
        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync($"pg>: {{data: select 1}}\n{options}"));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task The_schema_is_where_names_are_looked_up()
    {
        await server.ExecuteAsync(_database, "create schema s; create table s.t as select 7 as a");

        var result = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("pg>: {data: select a from t}\nschema: s\nstore_last_results: first")).Result;

        Assert.Equal(7, result.StoreParams.GetMap("pg").GetMap("last_results").GetInt64("a"));
    }

    [Fact]
    public async Task A_kill_ends_the_query_on_the_server()
    {
        using var kill = new CancellationTokenSource();
        var request = OperatorTestContext.Request("pg>: {data: select pg_sleep(600)}\nstrict_transaction: false", Section()) with
        {
            StateParams = ConfigMap.Of(("queryId", "x")),
        };
        var run = _pg.RunAsync(request, _context, kill.Token);
        await using var watch = await server.OpenAsync(_database);
        while (await CountSleepersAsync(watch) == 0)
        {
            Assert.False(run.IsCompleted, run.Exception?.ToString());
        }

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => run);
        while (await CountSleepersAsync(watch) > 0)
        {
            await Task.Yield();
        }
    }

    private static async Task<long> CountSleepersAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var command = new Npgsql.NpgsqlCommand(
            "select count(*) from pg_stat_activity where state = 'active' and query like 'select pg_sleep%' and datname = current_database()", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private string Section() => $"{{pg: {{host: 127.0.0.1, port: {server.Port}, user: {PostgresServer.User}, database: {_database}}}}}";

    private Task<OperatorOutcome> FirstCallAsync(string task) => _context.RunAsync(_pg, task, Section());

    private Task<OperatorOutcome> CallAsync(string task, ConfigMap state) => _pg.RunAsync(
        OperatorTestContext.Request(task, Section()) with { StateParams = state }, _context, TestContext.Current.CancellationToken);

    private async Task<OperatorOutcome> RunAsync(string task)
    {
        var outcome = await FirstCallAsync(task);
        return outcome is OperatorOutcome.Polling polling ? await CallAsync(task, polling.StateParams) : outcome;
    }
}
