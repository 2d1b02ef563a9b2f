using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary><c>td&gt;</c> on the service: what it sends, what it saves, how it waits.</summary>
public sealed class TdOnServiceTests : TdRemoteTests
{
    private const string Header =
        "-- project_id: 1\n-- project_name: default\n-- workflow_name: wf\n-- session_id: 2\n-- attempt_id: 3\n-- task_name: +wf+task\n";

    [Fact]
    public async Task A_domain_key_is_saved_before_the_job_is_submitted()
    {
        var first = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}"));

        Assert.Empty(Changes);
        Assert.Equal(0, first.Interval.TotalSeconds);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", first.StateParams.GetMap("job").GetString("domainKey"));
        State = first.StateParams;
        Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}", calls: 1));
        Assert.Single(Changes);
    }

    [Fact]
    public async Task A_job_is_submitted_with_its_fields()
    {
        await RunAsync("{td>: {data: select 1}, priority: '-2', job_retry: 3, presto_pool_name: p, hive_pool_name: h, engine_version: v}");

        Assert.Equal(
            [$"POST /v3/job/issue/presto/d domain_key=#1 engine_version=v pool_name=p priority=-2 query={Header}select 1 retry_limit=3 scheduled_time=1710270306"],
            Changes);
        Assert.Equal("TD1 1/0123456789abcdef0123456789abcdef01234567", Server.Authorizations.First());
    }

    [Fact]
    public async Task Waiting_grows_from_one_second_to_thirty()
    {
        Server.Courses.Add(new TdServerJob { Statuses = ["queued", "booting", "running", "running", "running", "running", "running", "running", "success"], Records = 7 });

        var result = await RunAsync("{td>: {data: select 1}}");

        Assert.Equal([0, 1, 1, 2, 4, 8, 16, 30, 30, 30], Pauses);
        Assert.Equal("""{"td":{"last_job_id":"1","last_job":{"id":"1","num_records":7}}}""", result.StoreParams.ToString());
    }

    [Fact]
    public async Task A_lost_answer_starts_no_second_job()
    {
        Server.Faults.Add(("POST /v3/job/issue", 500, "lost"));

        await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(2, Changes.Count);
        Assert.Equal(Changes[0], Changes[1]);
    }

    [Fact]
    public async Task A_task_that_lost_its_state_after_the_submission_finds_its_job()
    {
        State = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}")).StateParams;
        await CallAsync("{td>: {data: select 1}}", calls: 1);

        var result = await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(2, Changes.Count);
        Assert.Equal("1", result.StoreParams.GetMap("td").GetString("last_job_id"));
    }

    [Fact]
    public async Task A_conflict_without_a_job_fails()
    {
        Server.Faults.Add(("POST /v3/job/issue", 409, """{"text":"dup"}"""));

        var failure = await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync("{td>: {data: select 1}}"));

        Assert.Equal("[TARGET_ALREADY_EXISTS] [409:Conflict] API request to /v3/job/issue/presto/d has failed: dup (td client http conflict)", FailureText.MessageWithKind(failure));
    }

    [Theory]
    [InlineData(400, "plain words", "[CLIENT_ERROR] [400:Bad Request] API request to /v3/job/issue/presto/d has failed: plain words (td client http)")]
    [InlineData(404, """{"error":"x"}""", "[TARGET_NOT_FOUND] [404:Not Found] API request to /v3/job/issue/presto/d has failed: null (td client http not found)")]
    [InlineData(422, """{"text":"bad"}""", "[INVALID_INPUT] [422:Unprocessable Entity] API request to /v3/job/issue/presto/d has failed: bad (td client http)")]
    [InlineData(407, """{"text":"bad"}""", "[PROXY_AUTHENTICATION_FAILURE] [407:Proxy Authentication Required] API request to /v3/job/issue/presto/d has failed: bad (td client http)")]
    public async Task An_answer_that_stays_the_same_fails_at_once(int status, string body, string message)
    {
        Server.Faults.Add(("POST /v3/job/issue", status, body));

        var failure = await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync("{td>: {data: select 1}}"));

        Assert.Equal(message, FailureText.MessageWithKind(failure));
        Assert.Single(Changes);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task An_answer_that_may_pass_is_asked_for_again_without_end(int status)
    {
        for (var i = 0; i < 9; i++)
        {
            Server.Faults.Add(("POST /v3/job/issue", status, "later"));
        }

        await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(10, Changes.Count);
        Assert.Equal([0.5, 1.5, 2, 0.5, 1.5, 2, 0.5], Time.Pauses);
        Assert.Equal([0, 1, 2, 1], Pauses);
        Assert.Contains(Context.Lines, l => l.StartsWith("WARN failed to start job: domainKey=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failing_question_about_the_job_does_no_harm()
    {
        for (var i = 0; i < 4; i++)
        {
            Server.Faults.Add(("GET /v3/job/status", 503, "later"));
        }

        await RunAsync("{td>: {data: select 1}}");

        Assert.Single(Changes);
        Assert.Contains(Context.Lines, l => l.StartsWith("WARN failed to check job status: domainKey=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"status":"odd"}""")]
    public async Task An_answer_without_sense_is_asked_for_again(string body)
    {
        Server.Faults.Add(("GET /v3/job/status", 200, body));

        await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(2, Server.Questions.Count(q => q.StartsWith("GET /v3/job/status/1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refused_key_is_tried_once_more()
    {
        Server.Faults.Add(("POST /v3/job/issue", 401, """{"text":"no"}"""));

        await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(2, Changes.Count);
        Server.Faults.AddRange([("POST /v3/job/issue", 403, """{"text":"no"}"""), ("POST /v3/job/issue", 401, """{"text":"no"}""")]);
        State = ConfigMap.Empty;
        await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync("{td>: {data: select 1}}"));
        Assert.Equal(4, Changes.Count);
    }

    [Theory]
    [InlineData("error", "ERROR", "a", "b", "a\nb")]
    [InlineData("killed", "KILLED", "", "", "TD job 1 failed with status KILLED")]
    public async Task A_failed_job_fails_the_task_with_its_words(string status, string word, string output, string errors, string message)
    {
        Server.Courses.Add(new TdServerJob { Statuses = ["running", status], Output = output, Errors = errors });

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td>: {data: select 1}}"));

        Assert.Equal(message, failure.Message);
        Assert.Contains($"TD job 1 failed with status {word}", FailureText.Describe(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_of_the_task_starts_another_job()
    {
        Server.Courses.AddRange([new TdServerJob { Statuses = ["error"] }, new TdServerJob()]);
        await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("{td>: {data: select 1}}"));

        State = State.With("retry_count", 1);
        var result = await RunAsync("{td>: {data: select 1}}");

        Assert.Equal("2", result.StoreParams.GetMap("td").GetString("last_job_id"));
        Assert.Contains("domain_key=#2", Changes[1], StringComparison.Ordinal);
        Assert.Equal(1, State.GetInt32("retry_count"));
    }

    [Theory]
    [InlineData("{td>: {data: select 1}, create_table: x.t_1}", "POST /v3/job/issue/presto/d", "DROP TABLE IF EXISTS \"x\".\"t_1\";\nCREATE TABLE \"x\".\"t_1\" AS\nselect 1")]
    [InlineData("{td>: {data: select 1}, insert_into: t_1}", "POST /v3/table/create/d/t_1/log", "INSERT INTO \"t_1\"\nselect 1")]
    [InlineData("{td>: {data: select 1}, insert_into: t_1, engine: hive}", "POST /v3/table/create/d/t_1/log", "INSERT INTO TABLE `t_1`\nselect 1")]
    [InlineData("{td>: {data: select 1}, create_table: x.t_1, engine: hive}", "POST /v3/table/create/x/t_1/log", "INSERT OVERWRITE TABLE `x`.`t_1`\nselect 1")]
    public async Task A_target_becomes_a_command(string task, string first, string statement)
    {
        Server.Databases["x"] = [];

        await RunAsync(task);

        Assert.StartsWith(first, Changes[0], StringComparison.Ordinal);
        Assert.Contains($"query={Header}{statement} ", Changes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_does_not_appear_is_made_once_more()
    {
        Server.Lost.Add("t_1");

        await RunAsync("{td>: {data: select 1}, insert_into: t_1}");

        Assert.Equal(["POST /v3/table/create/d/t_1/log", "POST /v3/table/create/d/t_1/log"], Changes.Take(2));
    }

    [Theory]
    [InlineData("Bad", "[INVALID_INPUT] Table name must follow this pattern ^([a-z0-9_]+)$: Bad (td client)")]
    [InlineData("ab", "[INVALID_INPUT] Table name must be 3 to 256 characters but got 2 characters: ab (td client)")]
    public async Task A_name_that_is_no_table_name_is_not_sent(string name, string message)
    {
        var failure = await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync($"{{td>: {{data: select 1}}, insert_into: {name}}}"));

        Assert.Equal(message, FailureText.MessageWithKind(failure));
        Assert.Empty(Changes);
    }

    [Fact]
    public async Task Results_go_where_the_options_say()
    {
        Context.SecretValues["k"] = "p\"w & x";

        await RunAsync("{td>: {data: select 1}, result_url: 'td://${secret:k}@/d/t', result_connection: my conn&, result_settings: '{\"a\": \"${secret:k}\", \"b\": 1}'}");

        Assert.Equal("GET /v3/connections/lookup name=my conn&", Server.Questions.First());
        Assert.Contains(" result=td://p\"w & x@/d/t result_connection_id=42 result_connection_settings={\"a\":\"p\\\"w & x\",\"b\":1} ", Changes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_secrets_may_be_asked_for() => Assert.Equal(
        "Invalid parametrization: '${foo:k}'",
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("{td>: {data: select 1}, result_url: 'td://${foo:k}'}"))).Message);

    [Fact]
    public async Task A_result_is_downloaded()
    {
        Server.Courses.Add(new TdServerJob
        {
            Schema = """[["a","varchar"],["b,c","bigint"]]""",
            Rows = """[["a,b",null],["",1],["p\r\nq",18446744073709551615],["x",["y",{"k":1.0}]],["z",true]]""",
        });

        await RunAsync("{td>: {data: select 1}, download_file: out.csv}");

        Assert.Equal(
            "a,\"b,c\"\r\n\"a,b\",\r\n\"\",1\r\n\"p\nq\",18446744073709551615\r\nx,\"[\"\"y\"\",{\"\"k\"\":1.0}]\"\r\nz,true\r\n",
            await File.ReadAllTextAsync(Context.PathOf("out.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failing_download_is_tried_again_later()
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["a","bigint"]]""", Rows = "[[1]]" });
        for (var i = 0; i < 4; i++)
        {
            Server.Faults.Add(("GET /v3/job/result", 503, "later"));
        }

        await RunAsync("{td>: {data: select 1}, download_file: out.csv}");

        Assert.Single(Changes);
        Assert.Contains(Context.Lines, l => l.StartsWith("WARN Failed to download result of job '1': retrying in 1 seconds", StringComparison.Ordinal));
        Assert.Equal("a\r\n1\r\n", await File.ReadAllTextAsync(Context.PathOf("out.csv"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("no gzip at all")]
    [InlineData("")]
    [InlineData("half")]
    public async Task A_broken_result_is_never_taken_for_a_whole_one(string body)
    {
        var rows = Enumerable.Range(1, 1000).Select(i => i * 7919).ToList();
        Server.Courses.Add(new TdServerJob { Schema = """[["a","bigint"]]""", Rows = $"[{string.Join(',', rows.Select(r => $"[{r}]"))}]" });
        Server.Faults.Add(("GET /v3/job/result", 200, body));

        await RunAsync("{td>: {data: select 1}, download_file: out.csv}");

        Assert.Equal("a\r\n" + string.Concat(rows.Select(r => $"{r}\r\n")), await File.ReadAllTextAsync(Context.PathOf("out.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bad_path_fails_at_once() =>
        await Assert.ThrowsAnyAsync<IOException>(() => RunAsync("{td>: {data: select 1}, download_file: no/such/folder.csv}"));

    [Fact]
    public async Task A_missing_result_cannot_be_downloaded()
    {
        await Assert.ThrowsAnyAsync<QueryServiceException>(() => RunAsync("{td>: {data: select 1}, download_file: out.csv}"));

        Assert.Contains(Context.Lines, l => l.StartsWith("WARN Failed to download result of job '1': giving up", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[[1,"x",null],[2,"y",3]]""", """{"n":1,"s":"x","z":null}""")]
    [InlineData("[]", "{}")]
    [InlineData(null, "{}")]
    public async Task The_first_row_is_stored(string? rows, string expected)
    {
        Server.Courses.Add(new TdServerJob { Schema = """[["n","bigint"],["s","varchar"],["z","bigint"]]""", Rows = rows, Records = 2 });

        var result = await RunAsync("{td>: {data: select 1}, store_last_results: true}");

        Assert.Equal(["td.last_results"], result.ResetStoreParams);
        Assert.Equal(expected, result.StoreParams.GetMap("td").GetMap("last_results").ToString());
        Assert.Equal(2, result.StoreParams.GetMap("td").GetMap("last_job").GetInt64("num_records"));
    }

    [Fact]
    public async Task A_preview_of_a_table_is_a_second_job()
    {
        Server.Courses.AddRange([new TdServerJob(), new TdServerJob { Schema = """[["a","bigint"]]""", Rows = "[[5]]" }]);

        await RunAsync("{td>: {data: select 1}, create_table: t_1, preview: true, engine: hive, priority: 2}");

        Assert.Equal("POST /v3/job/issue/presto/d domain_key=#2 priority=0 query=-- preview results of job id 1\nSELECT * FROM \"t_1\" LIMIT 20", Changes[^1]);
        Assert.Equal("INFO preview of table t_1:\r\na\r\n5\r\n", Context.Lines[^1]);
    }

    [Fact]
    public async Task A_failing_preview_is_only_a_warning()
    {
        Server.Courses.AddRange([new TdServerJob(), new TdServerJob { Statuses = ["error"] }]);

        await RunAsync("{td>: {data: select 1}, create_table: t_1, preview: true}");

        Assert.StartsWith("WARN Getting rows for preview failed. Ignoring this error.", Context.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_without_rows_says_so()
    {
        await RunAsync("{td>: {data: insert into t select 1}, preview: true}");

        Assert.Equal("INFO preview of job id 1: (no results)", Context.Lines[^1]);
    }

    [Fact]
    public async Task An_unknown_count_does_no_harm()
    {
        for (var i = 0; i < 4; i++)
        {
            Server.Faults.Add(("GET /v3/job/show", 500, "oops"));
        }

        var result = await RunAsync("{td>: {data: select 1}}");

        Assert.Equal(0, result.StoreParams.GetMap("td").GetMap("last_job").GetInt64("num_records"));
        Assert.StartsWith("WARN Setting num_records failed. Ignoring this error.", Context.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_read_for_the_submission_only()
    {
        Context.Write("q.sql", "select '$$' as a, ${n} as b");
        State = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: q.sql, n: 3}")).StateParams;
        State = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: q.sql, n: 3}", calls: 1)).StateParams;
        File.Delete(Context.PathOf("q.sql"));

        await RunAsync("{td>: q.sql, n: 3}");

        Assert.Contains($"query={Header}select '$' as a, 3 as b ", Assert.Single(Changes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_task_ends_its_job()
    {
        Server.Courses.Add(new TdServerJob { Statuses = ["running"] });
        State = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}")).StateParams;
        State = Assert.IsType<OperatorOutcome.Polling>(await CallAsync("{td>: {data: select 1}}", calls: 1)).StateParams;

        await OperatorOf("{td>: x}").CleanUpAsync(
            OperatorTestContext.Request("{td>: {data: select 1}}", Exports) with { StateParams = State }, Context, TestContext.Current.CancellationToken);

        Assert.Equal("POST /v3/job/kill/1", Changes[^1]);
    }

    [Fact]
    public async Task A_killed_task_whose_job_cannot_be_ended_warns()
    {
        State = ConfigMap.Of(("job", ConfigMap.Of(("jobId", "9"))));
        Server.Faults.Add(("POST /v3/job/kill", 404, """{"text":"gone"}"""));

        await OperatorOf("{td>: x}").CleanUpAsync(
            OperatorTestContext.Request("{td>: {data: select 1}}", Exports) with { StateParams = State }, Context, TestContext.Current.CancellationToken);

        Assert.StartsWith("WARN The job 9 could not be ended: [TARGET_NOT_FOUND]", Context.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_layout_of_states_is_understood()
    {
        await RunAsync("{td>: {data: select 1}}");
        State = ConfigMap.Of(("jobId", "1"), ("domainKey", "k"), ("pollIteration", 4));

        var result = await RunAsync("{td>: {data: select 1}}");

        Assert.Equal("1", result.StoreParams.GetMap("td").GetString("last_job_id"));
        Assert.Single(Changes);
    }
}
