using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Operators.Tests.TreasureData;

/// <summary>The relatives of <c>td&gt;</c> on the local engine, which is really run.</summary>
public sealed class TdFamilyOnDuckDbTests : IDisposable
{
    private const string Exports = "{td: {database: test}, session_time: '2024-03-13T04:05:06+09:00'}";

    private readonly OperatorTestContext _context = new();
    private readonly Dictionary<string, IOperator> _operators =
        TreasureDataOperators.Create(new QueryBackendSelector([new DuckDbBackend()])).ToDictionary(o => o.Description.Name);

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Definitions_change_local_databases()
    {
        await DoneAsync("{td>: {data: select 1 as a}, create_table: old}");
        await DoneAsync("{td>: {data: select 2 as a}, create_table: gone}");
        await DoneAsync("{td>: {data: select 3 as a}, create_table: filled}");
        await DoneAsync("{td>: {data: select 4 as a}, create_table: target}");

        await DoneAsync("{td_ddl>: null, rename_tables: [{from: old, to: target}], drop_tables: [gone], empty_tables: [filled], create_tables: [fresh, other.t], create_databases: [made]}");

        Assert.Equal("[[1,0,0,0]]", await RowsAsync(
            "select (select a from target), (select count(*) from filled), (select count(*) from fresh), (select count(*) from other.t)"));
        Assert.True(File.Exists(_context.PathOf(".digdag/local/made.duckdb")));
        await Assert.ThrowsAsync<TaskFailedException>(() => RowsAsync("select * from gone"));
        await DoneAsync("{td_ddl>: null, drop_databases: [made, nowhere], empty_databases: [other]}");
        Assert.False(File.Exists(_context.PathOf(".digdag/local/made.duckdb")));
        await Assert.ThrowsAsync<TaskFailedException>(() => RowsAsync("select * from other.t"));
    }

    [Fact]
    public async Task A_rename_of_nothing_is_refused() => Assert.Equal(
        "Renaming table test.nope doesn't exist",
        (await Assert.ThrowsAsync<ConfigException>(() => DoneAsync("{td_ddl>: null, rename_tables: [{from: nope, to: x}]}"))).Message);

    [Fact]
    public async Task Each_row_becomes_a_task()
    {
        var result = await DoneAsync("{td_for_each>: {data: 'select 1 as a, cast(null as varchar) as b, 0.1e0 as c, decimal ''1.5'' as d'}, _do: {echo>: x}}");

        Assert.Equal(
            """{"+td-for-each-0":{"echo>":"x","_export":{"td":{"each":{"a":1,"c":0.1,"d":"1.5"}}}}}""", result.SubtaskConfig.ToString());
        Assert.Equal(1, result.StoreParams.GetMap("td").GetMap("last_job").GetInt64("num_records"));
    }

    [Theory]
    [InlineData("select false", false)]
    [InlineData("select count(*) from (values (1)) t(x) where x > 1", false)]
    [InlineData("select cast(null as bigint)", false)]
    [InlineData("select 1 where false", false)]
    [InlineData("select ''''", true)]
    [InlineData("select 0.0e0", true)]
    [InlineData("select true", true)]
    public async Task Waiting_looks_at_the_first_value(string query, bool isDone)
    {
        var outcome = await OutcomeAsync($"{{td_wait>: {{data: '{query}'}}, interval: 1m}}");

        if (isDone)
        {
            Assert.IsType<OperatorOutcome.Succeeded>(outcome);
        }
        else
        {
            Assert.Equal(60, Assert.IsType<OperatorOutcome.Polling>(outcome).Interval.TotalSeconds);
        }
    }

    [Fact]
    public async Task Waiting_for_a_table_looks_for_it_and_counts()
    {
        Assert.Equal(30, Assert.IsType<OperatorOutcome.Polling>(await OutcomeAsync("{td_wait_table>: t, rows: 2, interval: 5m}")).Interval.TotalSeconds);
        await DoneAsync("{td>: {data: select 1 as a}, create_table: t}");
        Assert.Equal(300, Assert.IsType<OperatorOutcome.Polling>(await OutcomeAsync("{td_wait_table>: t, rows: 2, interval: 5m}")).Interval.TotalSeconds);
        await DoneAsync("{td>: {data: select 1 as a}, insert_into: t}");

        await DoneAsync("{td_wait_table>: t, rows: 2}");
        await DoneAsync("{td_wait_table>: test.t}");
    }

    [Fact]
    public async Task A_range_of_time_is_deleted()
    {
        await DoneAsync("{td>: {data: 'select x as time from (values 0, 3600, 7199, 7200) t(x)'}, create_table: t}");

        var result = await DoneAsync("{td_partial_delete>: t, from: 3600, to: '1970-01-01T02:00:00Z'}");

        Assert.Equal("[[0],[7200]]", await RowsAsync("select time from t order by 1"));
        Assert.True(result.StoreParams.GetMap("td").Has("last_job_id"));
    }

    [Fact]
    public async Task A_saved_query_runs_from_its_file()
    {
        _context.Write("daily.sql", "select td_time_format(td_scheduled_time(), 'yyyy', 'JST') as y, ${n} as n");

        var result = await DoneAsync("{td_run>: daily report, store_last_results: true, n: 3}", "{td: {database: test, saved_queries: {daily report: daily.sql}}, session_time: '2020-03-13T04:05:06+09:00'}");

        Assert.Equal("""{"y":"2020","n":3}""", result.StoreParams.GetMap("td").GetMap("last_results").ToString());
    }

    [Theory]
    [InlineData("{td_run>: daily}", "td_run> needs a Treasure Data account (saved query daily), or the file of the query under saved_queries")]
    [InlineData("{td_load>: session}", "td_load> is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)")]
    [InlineData("{td_result_export>: null, job_id: 1, result_connection: a, result_settings: {}}", "td_result_export> is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)")]
    [InlineData("{td_table_export>: null, table: t, file_format: tsv.gz, from: 1, to: 2, s3_bucket: b, s3_path_prefix: p}", "td_table_export> is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)")]
    public async Task What_needs_the_service_says_so(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => DoneAsync(task))).Message);

    [Theory]
    [InlineData("{td_load>: session}")]
    [InlineData("{td_result_export>: null, job_id: 1, result_connection: a, result_settings: {}}")]
    [InlineData("{td_table_export>: null, table: t, file_format: tsv.gz, from: 1, to: 2, s3_bucket: b, s3_path_prefix: p}")]
    public async Task A_rehearsal_leaves_it_out(string task)
    {
        _context.Config["query.skip_external_effects"] = "true";

        await DoneAsync(task);

        Assert.EndsWith("has no meaning on the backend duckdb and is left out", Assert.Single(_context.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{td>: {data: 'select td_scheduled_time() as a'}, create_table: t}", "-- +wf+task on duckdb\nCREATE OR REPLACE TABLE \"test\".main.\"t\" AS select CAST(1710270306 AS BIGINT) as a;\n\n")]
    [InlineData("{td>: {data: 'select 1 as a; select 2 as b;'}}", "-- +wf+task on duckdb\nselect 1 as a;\nselect 2 as b;\n\n")]
    [InlineData("{td_for_each>: {data: select 1 as a}, _do: {echo>: x}}", "-- +wf+task on duckdb\n-- repeats the tasks of _do for each row, which is td.each\nselect 1 as a;\n\n")]
    [InlineData("{td_wait>: {data: select 1 as a}}", "-- +wf+task on duckdb\n-- waits 30 s between tries until the first value of a row is true\nselect 1 as a;\n\n")]
    [InlineData("{td_wait_table>: x.t, rows: 3}", "-- +wf+task on duckdb\n-- waits until the table x.t exists and has 3 rows\nselect count(*) AS _col0 from \"x\".\"t\";\n\n")]
    [InlineData("{td_ddl>: null, create_tables: [t], rename_tables: [{from: a, to: b}]}", "-- +wf+task on duckdb\n-- Making sure that test.a exists\n-- Creating TD table test.t\n-- Renaming TD table test.a -> b\n\n")]
    [InlineData("{td>: {data: select 1 as a}, result_connection: c, download_file: a.csv}", "-- +wf+task on duckdb\n-- fails: result_connection is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)\n-- writes the rows to a.csv\nselect 1 as a;\n\n")]
    [InlineData("{td_partial_delete>: t, from: 0, to: 3600}", "-- +wf+task on duckdb\n-- deletes the rows of t from 1970-01-01T00:00:00Z until before 1970-01-01T01:00:00Z\nDELETE FROM \"t\" WHERE \"time\" >= 0 AND \"time\" < 3600;\n\n")]
    [InlineData("{td_load>: session}", "-- +wf+task on duckdb\n-- fails: td_load> is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)\n\n")]
    [InlineData("{td_run>: daily, session_time: '2020-03-13T04:05:06+09:00'}", "-- +wf+task on duckdb\n-- fails: td_run> needs a Treasure Data account (saved query daily), or the file of the query under saved_queries\n\n")]
    public async Task Sql_can_be_looked_at_without_running_it(string task, string sql)
    {
        _context.Config["query.explain"] = "true";

        await DoneAsync(task);

        Assert.Equal(sql, _context.OutputText);
        Assert.False(Directory.Exists(_context.PathOf(".digdag")));
    }

    [Fact]
    public void Every_operator_declares_what_it_takes()
    {
        Assert.Equal(
            ["td", "td_ddl", "td_for_each", "td_load", "td_partial_delete", "td_result_export", "td_run", "td_table_export", "td_wait", "td_wait_table"],
            _operators.Keys.Order(StringComparer.Ordinal));
        foreach (var description in _operators.Values.Select(o => o.Description))
        {
            var names = description.Parameters.Select(p => p.Name).ToList();
            Assert.Equal(names.Distinct(), names);
            Assert.Empty(((string[])["database", "endpoint", "use_ssl", "proxy", "backend"]).Except(names));
        }
    }

    private async Task<string> RowsAsync(string query)
    {
        await DoneAsync($"{{td>: {{data: \"{query}\"}}, download_file: rows.csv}}");
        var lines = await File.ReadAllLinesAsync(_context.PathOf("rows.csv"), TestContext.Current.CancellationToken);
        return $"[{string.Join(',', lines.Skip(1).Select(l => $"[{l}]"))}]";
    }

    private async Task<TaskResult> DoneAsync(string task, string exports = Exports) =>
        Assert.IsType<OperatorOutcome.Succeeded>(await OutcomeAsync(task, exports)).Result;

    private Task<OperatorOutcome> OutcomeAsync(string task, string exports = Exports) =>
        _context.RunAsync(_operators[task[1..task.IndexOf('>', StringComparison.Ordinal)]], task, exports);
}
