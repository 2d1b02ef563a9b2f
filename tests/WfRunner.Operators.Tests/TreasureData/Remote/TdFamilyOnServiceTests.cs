using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>The relatives of <c>td&gt;</c> on the service.</summary>
public sealed class TdFamilyOnServiceTests : TdRemoteTests
{
    [Theory]
    [InlineData("{td_run>: daily report, session_time: '2016-01-01T01:01:01+00:00'}", "POST /v3/schedule/run/daily report/1451610061 domain_key=#1")]
    [InlineData("{td_run>: 12, session_time: '2024-03-13T04:05:06+09:00'}", "POST /v4/queries/12/jobs domain_key=#1 scheduled_time=2024-03-12T19:05:06Z")]
    [InlineData("{td_run>: '12', session_time: '2024-03-13T04:05:06+09:00'}", "POST /v3/schedule/run/12/1710270306 domain_key=#1")]
    public async Task A_saved_query_runs(string task, string request)
    {
        var result = await RunAsync(task);

        Assert.Equal([request], Changes);
        Assert.Equal("1", result.StoreParams.GetMap("td").GetString("last_job_id"));
    }

    [Fact]
    public async Task A_name_of_digits_that_does_not_exist_is_a_number()
    {
        await RunAsync("{td_run>: '123', session_time: '2024-03-13T04:05:06+09:00'}");

        Assert.Equal(
            ["POST /v3/schedule/run/123/1710270306 domain_key=#1", "POST /v4/queries/123/jobs domain_key=#1 scheduled_time=2024-03-12T19:05:06Z"],
            Changes);
    }

    [Theory]
    [InlineData("{td_run>: [1], session_time: '2024-03-13T04:05:06+09:00'}", "Invalid saved query reference: [1]")]
    [InlineData("{td_run>: null, session_time: '2024-03-13T04:05:06+09:00'}", "Parameter '_command' is required but not set")]
    [InlineData("{td_run>: a, session_time: '2024-03-13 04:05:06'}", "Expected date and time with an offset for key 'session_time' but got \"2024-03-13 04:05:06\" (string)")]
    public async Task A_wrong_saved_query_is_told(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);

    [Fact]
    public async Task Definitions_change_in_a_fixed_order()
    {
        Server.Databases["gone"] = [];
        Server.Databases["again"] = [];
        Server.Databases["d"].AddRange(["old_one", "full", "a_one"]);

        var result = await RunAsync(
            "{td_ddl>: null, rename_tables: [{from: a_one, to: b_one}], create_tables: '[\"t_one\", \"new_db.t_two\"]', drop_tables: old_one, "
            + "empty_tables: [full], empty_databases: [again], create_databases: [new_db], drop_databases: [gone]}");

        Assert.Equal(
            [
                "POST /v3/database/delete/gone", "POST /v3/database/delete/again", "POST /v3/database/create/new_db", "POST /v3/database/create/again",
                "POST /v3/table/delete/d/old_one", "POST /v3/table/delete/d/full", "POST /v3/table/create/d/t_one/log",
                "POST /v3/table/create/new_db/t_two/log", "POST /v3/table/create/d/full/log", "POST /v3/table/rename/d/a_one/b_one overwrite=true",
            ],
            Changes);
        Assert.True(result.StoreParams.IsEmpty);
        Assert.Contains("INFO Creating TD table new_db.t_two", Context.Lines);
    }

    [Fact]
    public async Task An_interrupted_definition_goes_on_where_it_was()
    {
        for (var i = 0; i < 4; i++)
        {
            Server.Faults.Add(("POST /v3/table/create/d/two_t", 500, "later"));
        }

        await RunAsync("{td_ddl>: null, create_tables: [one_t, two_t]}");

        Assert.Equal(1, Changes.Count(c => c.Contains("one_t", StringComparison.Ordinal)));
        Assert.Equal(5, Changes.Count(c => c.Contains("two_t", StringComparison.Ordinal)));
        Assert.Contains(Context.Lines, l => l.StartsWith("WARN DDL operation failed: retrying in 1 seconds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_already_as_it_should_be_is_no_failure()
    {
        Server.Databases["d"].Add("there");

        await RunAsync("{td_ddl>: null, drop_databases: [nowhere], create_databases: [new_db, new_db], create_tables: [there], drop_tables: [missing]}");

        Assert.Equal(5, Changes.Count);
    }

    [Theory]
    [InlineData("{td_ddl>: null, create_tables: [not_made], rename_tables: [{from: nope, to: yes_1}]}", "Renaming table d.nope doesn't exist")]
    [InlineData("{td_ddl>: null, rename_tables: [{from: a, to: x.b}]}", "'to' option of rename_tables can't include database name")]
    [InlineData("{td_ddl>: null, create_tables: {a: b}}", "Expected array type for key 'create_tables' but got {\"a\":\"b\"} (object)")]
    public async Task A_wrong_definition_changes_nothing(string task, string message)
    {
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);
        Assert.Empty(Changes);
    }

    [Fact]
    public async Task A_file_of_a_load_is_a_template_with_the_types_of_dig_files()
    {
        Context.Write("conf/l.yml", "in: {rate: 0.1, yes: yes, at: 10:00:00, half: 1.5, n: ${n + 1}, key: \"${secret:k}\"}\nout: {mode: append}\n");
        Context.SecretValues["k"] = "a\"b";
        Server.Courses.Add(new TdServerJob { Records = 17 });

        var result = await RunAsync("{td_load>: conf/l.yml, table: t, n: 1}");

        Assert.Equal(
            """POST /v3/job/issue/bulkload/d config={"in":{"rate":"0.1","yes":"yes","at":"10:00:00","half":1.5,"n":2,"key":"a\"b"},"out":{"mode":"append"}} domain_key=#1 priority=0 query= table=t""",
            Assert.Single(Changes));
        Assert.Equal(17, result.StoreParams.GetMap("td").GetMap("last_job").GetInt64("num_records"));
    }

    [Theory]
    [InlineData("{td_load>: session}", "POST /v3/bulk_loads/session/jobs domain_key=#1 scheduled_time=1710270306")]
    [InlineData("{td_load>: null, name: session}", "POST /v3/bulk_loads/session/jobs domain_key=#1 scheduled_time=1710270306")]
    [InlineData("{td_load>: null, config: {in: {a: 1}}, table: x.t}", "POST /v3/job/issue/bulkload/x config={\"in\":{\"a\":1}} domain_key=#1 priority=0 query= table=t")]
    public async Task A_load_has_several_forms(string task, string request)
    {
        Server.Databases["x"] = [];

        // Exports of these names are the user's own.
        await RunAsync(task, Exports[..^1] + ", name: exported, config: exported}");

        Assert.Equal([request], Changes);
    }

    [Theory]
    [InlineData("{td_load>: null, name: a, config: {b: c}}", "The parameters config and name cannot both be set")]
    [InlineData("{td_load>: a, name: b}", "Only the command or one of the config and name params may be set")]
    [InlineData("{td_load>: null}", "No parameter is set")]
    [InlineData("{td_load>: null, config: x}", "Parameter 'config' must be an object")]
    [InlineData("{td_load>: none.yml}", "Failed to load bulk load file")]
    [InlineData("{td_load>: bad.yml}", "Failed to parse yaml file")]
    [InlineData("{td_load>: null, config: {a: b}}", "Parameter 'table' is required but not set")]
    public async Task A_wrong_load_is_told(string task, string message)
    {
        Context.Write("bad.yml", "a: [");

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);
    }

    [Fact]
    public async Task Each_row_becomes_a_task()
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["id","bigint"],["c","varchar"],["f","double"]]""", Rows = """[[1,"a",123456789.123],[2,null,0.5]]""", Records = 2 });

        var result = await RunAsync("{td_for_each>: {data: select 1}, _do: {echo>: x, _export: {td: {each: {c: kept}}}}, _parallel: {limit: 2}}");

        Assert.Equal(
            """{"+td-for-each-0":{"echo>":"x","_export":{"td":{"each":{"c":"a","id":1,"f":1.23456789123E8}}}},"+td-for-each-1":{"echo>":"x","_export":{"td":{"each":{"c":"kept","id":2,"f":0.5}}}},"_parallel":{"limit":2}}""",
            result.SubtaskConfig.ToString());
        Assert.Equal(2, result.StoreParams.GetMap("td").GetMap("last_job").GetInt64("num_records"));
        Assert.Contains(" query=select 1 ", Assert.Single(Changes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "{}")]
    public async Task No_rows_are_no_tasks(string rows, string expected)
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["id","bigint"]]""", Rows = rows });

        Assert.Equal(expected, (await RunAsync("{td_for_each>: {data: select 1}, _do: {echo>: x}}")).SubtaskConfig.ToString());
    }

    [Theory]
    [InlineData("[[[1]]]", "Unsupported column type: ARRAY")]
    [InlineData("""[[{"a":1}]]""", "Unsupported column type: MAP")]
    public async Task A_nested_value_cannot_be_a_variable(string rows, string message)
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["id","array(bigint)"]]""", Rows = rows });

        Assert.Equal(message, (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td_for_each>: {data: select 1}, _do: {echo>: x}}"))).Message);
    }

    [Fact]
    public async Task There_are_not_more_tasks_than_allowed()
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["id","bigint"]]""", Rows = "[" + string.Join(',', Enumerable.Repeat("[1]", 1001)) + "]" });

        Assert.Equal(
            "Too many tasks. Limit: 1000",
            (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td_for_each>: {data: select 1}, _do: {echo>: x}}"))).Message);
    }

    [Fact]
    public async Task For_each_needs_tasks() => Assert.Equal(
        "Parameter '_do' is required but not set",
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td_for_each>: {data: select 1}}"))).Message);

    [Fact]
    public async Task Waiting_starts_jobs_until_one_says_yes()
    {
        Server.Courses.AddRange([Row("[[false]]"), Row("[[0]]"), Row("[]"), Row("[[null]]"), Row("[[0.0]]")]);

        var result = await RunAsync("{td_wait>: {data: select x}, interval: 40s}");

        Assert.Equal(
            Enumerable.Range(1, 5).Select(i => $"POST /v3/job/issue/presto/d domain_key=#{i} priority=0 query=select x retry_limit=0 scheduled_time=1710270306"), Changes);
        Assert.Equal(4, Pauses.Count(p => p == 40));
        Assert.Equal("INFO Finished. Last job id=5", Context.Lines[^1]);
        Assert.Single(Context.Lines, l => l.StartsWith("INFO Started", StringComparison.Ordinal));
        Assert.True(result.StoreParams.IsEmpty);
    }

    [Fact]
    public async Task A_wait_with_a_limit_ends_there_and_never_pauses_beyond_it()
    {
        Server.Courses.AddRange(Enumerable.Range(0, 10).Select(_ => Row("[[false]]")));

        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("{td_wait>: {data: select x}, interval: 50s, wait_timeout: 120s}"));

        Assert.Equal((FailureKind.PollingTimeout, "Timed out after 120s"), (failure.Kind, failure.Message));
        Assert.InRange(Pauses.Sum(), 120, 130);
    }

    [Fact]
    public async Task What_is_true_at_the_limit_counts()
    {
        Server.Courses.AddRange([Row("[[false]]"), Row("[[1]]")]);

        await RunAsync("{td_wait>: {data: select x}, interval: 1h, wait_timeout: 30s}");

        Assert.Equal(2, Changes.Count);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'false'")]
    [InlineData("1")]
    public async Task Everything_but_null_false_and_zero_is_a_yes(string value)
    {
        Server.Courses.Add(Row($"[[{value.Replace('\'', '"')}]]"));

        await RunAsync("{td_wait>: {data: select x}}");

        Assert.Single(Changes);
    }

    [Theory]
    [InlineData("interval: 10s", "poll interval must be at least 30s and no greater than 2d")]
    [InlineData("wait_timeout: 2x", "Expected duration for key 'wait_timeout' but got \"2x\" (string)")]
    [InlineData("interval: 60", "Expected duration for key 'interval' but got 60 (number)")]
    [InlineData("interval: 1.5h", "Expected duration for key 'interval' but got \"1.5h\" (string)")]
    [InlineData("engine: spark", "Unknown 'engine:' option (available options are: hive and presto): spark")]
    public async Task A_wrong_wait_is_told(string option, string message) => Assert.Equal(
        message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync($"{{td_wait>: {{data: select x}}, {option}}}"))).Message);

    [Theory]
    [InlineData("presto", "select count(*) from \"t\"")]
    [InlineData("hive", "select count(*) from (select * from `t` limit 5) sub")]
    public async Task Waiting_for_a_table_asks_for_it_then_counts(string engine, string query)
    {
        Server.Courses.AddRange([Row("[[4]]"), Row("[[5]]")]);
        var first = Assert.IsType<OperatorOutcome.Polling>(await CallAsync($"{{td_wait_table>: t, rows: 5, interval: 1m, engine: {engine}}}"));
        Assert.Equal(30, first.Interval.TotalSeconds);
        Assert.Empty(Changes);
        Server.Databases["d"].Add("t");

        await RunAsync($"{{td_wait_table>: t, rows: 5, interval: 1m, engine: {engine}}}");

        Assert.Equal(
            [$"POST /v3/job/issue/{engine}/d domain_key=#1 priority=0 query={query} retry_limit=0", $"POST /v3/job/issue/{engine}/d domain_key=#2 priority=0 query={query} retry_limit=0"],
            Changes);
    }

    [Fact]
    public async Task A_table_of_another_database_is_looked_for_there()
    {
        Server.Databases["x"] = ["t"];

        await RunAsync("{td_wait_table>: x.t}");

        Assert.Equal(["GET /v3/table/list/x"], Server.Questions);
    }

    [Theory]
    [InlineData("[]", "Got unexpected empty result for count job: 1")]
    [InlineData("[[1,2]]", "Got unexpected result row size for count job: 2")]
    [InlineData("""[["a"]]""", "Got unexpected value type count job: STRING")]
    public async Task A_count_that_is_none_is_told(string rows, string message)
    {
        Server.Databases["d"].Add("t");
        Server.Courses.Add(Row(rows));

        Assert.Equal(message, (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td_wait_table>: t, rows: 1}"))).Message);
    }

    [Theory]
    [InlineData("td_result_export>: null, job_id: 77")]
    [InlineData("td_result_export>: 77")]
    [InlineData("td_result_export>: 5, job_id: 77")]
    public async Task A_result_is_exported_without_a_database(string job)
    {
        var result = await RunAsync(
            $"{{{job}, result_connection: w, result_settings: {{b: 1, a: '${{secret:k}}'}}}}",
            WithSecret("k", "x", $"{{td: {{endpoint: '{Server.Endpoint}', use_ssl: false}}}}"));

        Assert.Equal(["POST /v3/job/result_export/77 result_connection_id=42 result_connection_settings={\"b\":1,\"a\":\"x\"}"], Changes);
        Assert.Equal("1", result.StoreParams.GetMap("td").GetString("last_job_id"));
    }

    [Theory]
    [InlineData("2016-01-01 00:00:00 +0800", "1451577600")]
    [InlineData("2016-01-01 00:00:00", "1451606400")]
    [InlineData("'1451606400'", "1451606400")]
    public async Task A_table_is_exported(string from, string sent)
    {
        Context.SecretValues["aws.access_key_id"] = "general";
        Context.SecretValues["aws.s3.access_key_id"] = "special";
        Context.SecretValues["aws.secret_access_key"] = "s/+";

        await RunAsync($"{{td_table_export>: null, table: x.t, file_format: jsonl.gz, from: {from}, to: 1451610000, s3_bucket: b, s3_path_prefix: p, hive_pool_name: h}}");

        Assert.Equal(
            [$"POST /v3/export/run/x/t access_key_id=special bucket=b file_format=jsonl.gz file_prefix=p from={sent} pool_name=h secret_access_key=s/+ storage_type=s3 to=1451610000"],
            Changes);
    }

    [Theory]
    [InlineData("file_format: csv, from: 1, to: 2", "invalid file_format option")]
    [InlineData("file_format: tsv.gz, from: never, to: 2", "Text 'never' could not be parsed: parameter 'from' is unix seconds or yyyy-MM-dd HH:mm:ss[ Z]")]
    [InlineData("file_format: tsv.gz, from: 1, to: 2", "Secret not found for key: 'aws.s3.access_key_id' or 'aws.access_key_id'")]
    public async Task A_wrong_table_export_is_told(string options, string message) => Assert.Equal(
        message,
        (await Assert.ThrowsAnyAsync<WorkflowException>(() => RunAsync($"{{td_table_export>: null, table: t, s3_bucket: b, s3_path_prefix: p, {options}}}"))).Message);

    [Fact]
    public async Task A_range_is_deleted()
    {
        await RunAsync("{td_partial_delete>: db.logs, from: '2026-03-01T00:00:00', to: '2026-03-01T15:00:00+09:00'}");

        Assert.Equal(["POST /v3/table/partialdelete/d/db.logs domain_key=#1 from=1772323200 to=1772344800"], Changes);
    }

    [Theory]
    [InlineData("'2016-01-01T00:30:00Z'", "'from' and 'to' parameters must be whole hours")]
    [InlineData("2016-01-01", "Expected unix seconds or date and time for key 'from' but got \"2016-01-01\" (string)")]
    public async Task A_wrong_range_is_told(string from, string message) => Assert.Equal(
        message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync($"{{td_partial_delete>: t, from: {from}, to: 3600}}"))).Message);

    private static TdServerJob Row(string rows) => new() { Schema = """[["c","bigint"]]""", Rows = rows };

    private string WithSecret(string key, string value, string exports)
    {
        Context.SecretValues[key] = value;
        return exports;
    }
}
