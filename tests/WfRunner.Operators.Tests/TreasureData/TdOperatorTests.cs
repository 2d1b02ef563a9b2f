using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Operators.Tests.TreasureData;

/// <summary><c>td&gt;</c> on the local engine, which is really run.</summary>
public sealed class TdOperatorTests : IDisposable
{
    private const string Database = "td: {database: test}";
    private const string Header =
        "-- project_id: 1\n-- project_name: default\n-- workflow_name: wf\n-- session_id: 2\n-- attempt_id: 3\n-- task_name: +wf+task\n";

    private readonly OperatorTestContext _context = new();
    private readonly TdOperator _operator = new(new QueryBackendSelector([new DuckDbBackend()]));

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task The_log_says_where_it_ran_and_what()
    {
        _context.Write("q.sql", "select 1 as a\n");

        await RunAsync("{td>: q.sql, create_table: t}");

        Assert.Equal(
            [
                "INFO Running locally with DuckDB (no Treasure Data account used)",
                $"INFO Started presto job id=1:\n{Header}DROP TABLE IF EXISTS \"t\";\nCREATE TABLE \"t\" AS\nselect 1 as a\n",
            ],
            _context.Lines);
    }

    [Fact]
    public async Task The_outputs_name_the_job()
    {
        var result = await RunAsync("{td>: {data: 'select 1 as a union all select 2'}}");

        Assert.Equal("""{"td":{"last_job_id":"1","last_job":{"id":"1","num_records":2}}}""", result.StoreParams.ToString());
        Assert.Empty(result.ResetStoreParams);
        Assert.Equal("2", (await RunAsync("{td>: {data: select 1 as a}}")).StoreParams.GetMap("td").GetString("last_job_id"));
    }

    [Fact]
    public async Task Without_a_result_there_are_no_records() =>
        Assert.Contains("\"num_records\":0", (await RunAsync("{td>: {data: select 1 as a}, insert_into: t}")).StoreParams.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("{td>: {data: 'select 1 as a'}}", "select 1 as a")]
    [InlineData("{td>: null, query: 'select 2 as a'}", "select 2 as a")]
    [InlineData("{td>: q.sql, query: 'select 2 as a'}", "select 3 as a, 'test' as b, '$' as c, '${secret:k}' as d")]
    [InlineData("{td>: 123}", "select 4 as a")]
    public async Task A_query_has_several_forms(string task, string query)
    {
        _context.Write("q.sql", "select ${n} as a, '${database}' as b, '$$' as c, '${secret:k}' as d");
        _context.Write("123", "select 4 as a");

        await RunAsync(task, "{td: {database: test}, n: 3}");

        Assert.EndsWith("\n" + query, _context.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_looked_for_in_the_working_directory()
    {
        _context.Write("sub/q.sql", "select 1 as a");

        await RunAsync("{td>: q.sql, download_file: out.csv}", "{td: {database: test}, _workdir: sub}");

        Assert.True(File.Exists(_context.PathOf("sub/out.csv")));
    }

    [Fact]
    public async Task A_key_of_the_task_beats_an_export_beats_the_section()
    {
        await RunAsync("{td>: {data: select 1 as a}, create_table: t}", "{database: a, td: {database: b}}");

        Assert.True(File.Exists(_context.PathOf(".digdag/local/a.duckdb")));
        Assert.False(File.Exists(_context.PathOf(".digdag/local/b.duckdb")));
    }

    [Fact]
    public async Task A_result_is_downloaded_as_csv()
    {
        await RunAsync(""""
            td>:
              data: |
                select 'a,b' as s, cast(null as bigint) as n, '' as e, 1 as i, 1.0e0 as d, true as b, array['x', null] as l, nan() as w, decimal '1.50' as m,
                  date '2024-03-13' as "a ""day""", timestamp '2024-03-13 04:05:06' as t
                union all
                select 'p' || chr(13) || chr(10) || 'q', 5, '日本', 2, 1e10, false, array[], 0.5e0, decimal '2.00', null, null
            download_file: out.csv
            """");

        Assert.Equal(
            "s,n,e,i,d,b,l,w,m,\"a \"\"day\"\"\",t\r\n"
            + "\"a,b\",,\"\",1,1.0,true,\"[\"\"x\"\",null]\",null,1.50,2024-03-13,2024-03-13 04:05:06.000\r\n"
            + "\"p\nq\",5,日本,2,1.0E10,false,[],0.5,2.00,,\r\n",
            await File.ReadAllTextAsync(_context.PathOf("out.csv"), TestContext.Current.CancellationToken));
        Assert.Equal(["out.csv"], Directory.GetFiles(_context.ProjectDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_statement_without_result_cannot_be_downloaded()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td>: {data: create table x as select 1 as a}, download_file: out.csv}"));

        Assert.Equal("Failed to download result of job '1': the statement has no result", failure.Message);
        Assert.False(File.Exists(_context.PathOf("out.csv")));
    }

    [Theory]
    [InlineData("select 1 as a, ''x'' as b, array[1] as c, cast(null as bigint) as d union all select 2, ''y'', array[], 3 order by a", """{"a":1,"b":"x","c":[1],"d":null}""")]
    [InlineData("select 1 as a where false", "{}")]
    [InlineData("create table x as select 1 as a", "{}")]
    [InlineData("select count(*), nan() as n", """{"_col0":1,"n":"NaN"}""")]
    public async Task The_first_row_is_stored(string query, string expected)
    {
        var result = await RunAsync($"{{td>: {{data: '{query}'}}, store_last_results: true}}");

        Assert.Equal(["td.last_results"], result.ResetStoreParams);
        Assert.Equal(expected, result.StoreParams.GetMap("td").GetMap("last_results").ToString());
    }

    [Fact]
    public async Task A_preview_shows_the_first_rows()
    {
        await RunAsync("{td>: {data: 'select x from unnest(sequence(1, 30)) as t(x) order by x'}, preview: true}");

        var rows = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i}\r\n"));
        Assert.Equal($"INFO preview of job id 1:\r\nx\r\n{rows}", _context.Lines[2]);
    }

    [Fact]
    public async Task A_preview_of_nothing_says_so()
    {
        await RunAsync("{td>: {data: select 1 as a where false}, preview: true}");

        Assert.Equal("INFO preview of job id 1: (no results)", _context.Lines[2]);
    }

    [Fact]
    public async Task A_preview_of_a_table_reads_the_table()
    {
        await RunAsync("{td>: {data: 'select 1 as a, 2 as time'}, create_table: t, preview: true}");

        Assert.Equal("INFO preview of table t:\r\na,time\r\n1,2\r\n", _context.Lines[2]);
    }

    [Theory]
    [InlineData("{td>: {data: select 1}, insert_into: a, create_table: b}", "Setting both insert_into and create_table is invalid")]
    [InlineData("{td>: {data: select 1}, create_table: b, download_file: c}", "download_file is invalid if insert_into or create_table is set")]
    [InlineData("{td>: {data: select 1}, result_settings: {a: b}}", "result_settings is valid only if result_connection is set")]
    [InlineData("{td>: {data: select 1}, engine: spark}", "Unknown 'engine:' option (available options are: hive and presto): spark")]
    [InlineData("{td>: {data: select 1}, database: '  '}", "Parameter 'database' is empty")]
    [InlineData("{td>: {data: select 1}, preview: 'yes'}", "Expected 'true' or 'false' for key 'preview' but got \"yes\" (string)")]
    [InlineData("{td>: {data: select 1}, priority: urgent}", "Expected integer (int) type for key 'priority' but got \"urgent\" (string)")]
    [InlineData("{td>: {data: select 1}, create_table: 5}", "Expected table name for key 'create_table' but got 5 (number)")]
    [InlineData("{td>: {}}", "Parameter 'data' is required but not set")]
    [InlineData("{td>: null}", "Parameter 'query' is required but not set")]
    [InlineData("{td>: {data: select 1}, result_url: 'td://x'}", "result_url is not supported on the backend duckdb: it needs a Treasure Data account (set the secret td.apikey, or query.skip_external_effects=true in the configuration to leave it out)")]
    [InlineData("{td>: {data: select 1}, backend: oracle}", "Unknown query backend 'oracle' (available: duckdb)")]
    public async Task A_wrong_option_is_told(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);

    [Theory]
    [InlineData("{td>: {data: select 1}}", "{}", "Parameter 'database' is required but not set")]
    [InlineData("{td>: {data: select 1}}", "{td: foo}", "Parameter 'td' must be an object")]
    public async Task A_wrong_section_is_told(string task, string exports, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task, exports))).Message);

    [Theory]
    [InlineData("HIGH")]
    [InlineData("-2")]
    [InlineData("7")]
    public async Task A_priority_is_a_number_or_a_word(string priority) => await RunAsync($"{{td>: {{data: select 1 as a}}, priority: {priority}}}");

    [Fact]
    public async Task Trino_is_the_new_name_of_presto()
    {
        await RunAsync("{td>: {data: select 1 as a}, engine: trino}");

        Assert.StartsWith("INFO Started presto job id=1:\n", _context.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hive_queries_run_too()
    {
        _context.Write("q.sql", "select `a b` from (select nvl(null, \"x\") as `a b`) t\n");

        var result = await RunAsync("{td>: q.sql, engine: hive, store_last_results: true}");

        Assert.Equal("""{"a b":"x"}""", result.StoreParams.GetMap("td").GetMap("last_results").ToString());
    }

    [Fact]
    public async Task External_effects_can_be_left_out()
    {
        _context.Config["query.skip_external_effects"] = "true";

        await RunAsync("{td>: {data: select 1 as a}, result_url: 'td://x'}");

        Assert.Equal("WARN result_url has no meaning on the backend duckdb and is left out", _context.Lines[0]);
    }

    [Fact]
    public async Task A_missing_file_is_told_with_its_place()
    {
        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync("td>: none.sql"));

        Assert.Equal($"File not found: {_context.PathOf("none.sql")}", failure.Message);
        Assert.Equal("task.dig:1:6", failure.Span?.ToString());
    }

    [Theory]
    [InlineData("../x.sql")]
    [InlineData("/etc/hosts")]
    public async Task A_file_outside_of_the_project_is_refused(string name) => Assert.Equal(
        $"File name must not be outside of project path ({_context.ProjectDirectory}): {name}: {name}",
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync($"td>: {name}"))).Message);

    [Fact]
    public async Task A_file_that_is_no_text_is_refused()
    {
        await File.WriteAllBytesAsync(_context.PathOf("q.sql"), [0xC3, 0x28], TestContext.Current.CancellationToken);

        Assert.Equal(
            "Failed to read file: q.sql: it is not valid UTF-8", (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("td>: q.sql"))).Message);
    }

    [Fact]
    public async Task A_failing_template_names_its_file()
    {
        _context.Write("q.sql", "select ${nowhere.x}");

        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync("td>: q.sql"));

        Assert.StartsWith("Failed to evaluate a variable select ${nowhere.x} (", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(") in q.sql", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_query_is_told_with_its_place()
    {
        _context.Write("q.sql", "select a\nfrom nowhere\n");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td>: q.sql, create_table: t}"));

        Assert.Equal("Local SQL error: Catalog Error: Table with name nowhere does not exist! (q.sql:2:6)", failure.Message);
    }

    [Fact]
    public async Task A_variable_called_backend_is_the_users_own() =>
        await RunAsync("{td>: {data: select 1 as a}}", "{td: {database: test}, backend: production}");

    [Fact]
    public async Task Cancelling_ends_the_query()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var request = OperatorTestContext.Request(
            "{td>: {data: 'select count(*) as n from unnest(sequence(1, 100000)) a(x) cross join unnest(sequence(1, 100000)) b(y) cross join unnest(sequence(1, 100000)) c(z) where x * y % 7 = z'}}",
            Database);
        var running = _operator.RunAsync(request, _context, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task<TaskResult> RunAsync(string task, string exports = Database) =>
        Assert.IsType<OperatorOutcome.Succeeded>(await _context.RunAsync(_operator, task, exports)).Result;
}
