using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Google;

namespace WfRunner.Operators.Tests.Cloud.Google;

public sealed class BqJobTests : IDisposable
{
    private const string Done = """{"id":"p:US.job","status":{"state":"DONE"}}""";
    private const string Running = """{"id":"p:US.job","status":{"state":"RUNNING"}}""";

    private readonly OperatorTestContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task The_id_is_saved_before_anything_is_sent()
    {
        using var google = GoogleServer.Of((200, Done));
        google.Use(_context);

        var first = Assert.IsType<OperatorOutcome.Polling>(await _context.RunAsync(new BqOperator(), "bq>: {data: select 1}"));

        Assert.Equal(Duration.Zero, first.Interval);
        Assert.Matches("^digdag_s0_p_default_w_wf_t_4_a_3_[0-9a-f-]{36}$", first.StateParams.GetString("jobId"));
        Assert.Empty(google.Requests);
    }

    [Fact]
    public async Task A_query_is_submitted_once_and_watched_until_it_is_done()
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Running), (200, Running), (200, Done));
        google.Use(_context);
        _context.Write("q.sql", "select ${x}");
        var task = "bq>: q.sql\nx: 7\ndataset: d\ndestination_table: t$20160101\nwrite_disposition: WRITE_TRUNCATE\nuse_query_cache: 'false'\nmaximum_billing_tier: '2'\nlocation: EU";

        var second = Assert.IsType<OperatorOutcome.Polling>(await RunAsync(new BqOperator(), task, Started("job")));
        var third = Assert.IsType<OperatorOutcome.Polling>(await RunAsync(new BqOperator(), task, second.StateParams));
        var result = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync(new BqOperator(), task, third.StateParams)).Result;

        Assert.Equal(
            [
                """POST /bigquery/v2/projects/p/jobs {"jobReference":{"projectId":"p","jobId":"job","location":"EU"},"configuration":{"query":{"query":"select 7","useLegacySql":false,"defaultDataset":{"projectId":"p","datasetId":"d"},"destinationTable":{"projectId":"p","datasetId":"d","tableId":"t$20160101"},"writeDisposition":"WRITE_TRUNCATE","useQueryCache":false,"maximumBillingTier":2}}}""",
                "GET /bigquery/v2/projects/p/jobs/job?location=EU",
                "GET /bigquery/v2/projects/p/jobs/job?location=EU",
                "GET /bigquery/v2/projects/p/jobs/job?location=EU",
            ],
            google.Requests);
        Assert.Equal(["bq.last_job_id", "bq.last_jobid"], result.ResetStoreParams);
        Assert.Equal("""{"bq":{"last_job_id":"p:US.job","last_jobid":"p:US.job"}}""", ConfigJson.Write(result.StoreParams));
    }

    [Fact]
    public async Task A_job_that_was_submitted_already_is_watched()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(409), (200, Done));
        google.Use(_context);

        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync(new BqOperator(), "bq>: {data: select 1}", Started("job")));
        Assert.Equal(2, google.Requests.Count);
    }

    [Fact]
    public async Task A_submission_that_fails_for_a_moment_is_repeated()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(503), GoogleServer.Error(500), (200, "{}"), (200, Done));
        google.Use(_context);

        var first = Assert.IsType<OperatorOutcome.Polling>(await RunAsync(new BqOperator(), "bq>: {data: select 1}", Started("job")));
        var second = Assert.IsType<OperatorOutcome.Polling>(await RunAsync(new BqOperator(), "bq>: {data: select 1}", first.StateParams));

        Assert.Equal((Duration.FromSeconds(1), Duration.FromSeconds(2)), (first.Interval, second.Interval));
        Assert.Contains("WARN BigQuery job submission failed: p:job: 503 sorry: retrying in 1 seconds", _context.Lines);
        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync(new BqOperator(), "bq>: {data: select 1}", second.StateParams));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(429)]
    public async Task A_refused_submission_fails_at_once(int status)
    {
        using var google = GoogleServer.Of(GoogleServer.Error(status, "Syntax error"));
        google.Use(_context);

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(new BqOperator(), "bq>: {data: selec}", Started("job")));

        Assert.Equal($"{status} Syntax error (google json response)", failure.Message);
    }

    [Fact]
    public async Task A_job_that_failed_fails_the_task_with_its_errors()
    {
        using var google = GoogleServer.Of(
            (200, "{}"),
            (200, """{"id":"p:job","status":{"state":"DONE","errorResult":{"reason":"invalid"},"errors":[{"reason":"invalid"},{"reason":"other"}]}}"""));
        google.Use(_context);

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(new BqOperator(), "bq>: {data: select 1}", Started("j")));

        Assert.Equal("BigQuery job failed: p:j", failure.Message);
        Assert.Equal("""{"reason":"invalid"}, {"reason":"other"}""", failure.Properties.GetString("errors"));
        Assert.Contains("""ERROR {"reason":"other"}""", _context.Lines);
    }

    [Fact]
    public async Task A_killed_attempt_cancels_its_job()
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Running), (200, "{}"));
        google.Use(_context);
        IOperator bq = new BqOperator();
        var running = Assert.IsType<OperatorOutcome.Polling>(await RunAsync(bq, "bq>: {data: select 1}\nlocation: EU", Started("j")));

        await bq.CleanUpAsync(
            OperatorTestContext.Request("bq>: {data: select 1}\nlocation: EU") with { StateParams = running.StateParams }, _context, TestContext.Current.CancellationToken);

        Assert.Equal("POST /bigquery/v2/projects/p/jobs/j/cancel?location=EU", google.Requests.Last());
    }

    [Fact]
    public async Task Files_are_loaded_with_a_schema_from_a_file()
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Done));
        google.Use(_context);
        _context.Write("s.yml", "fields:\n  - {name: ${column}, type: STRING}\n");

        await RunAsync(
            new BqLoadOperator(),
            "bq_load>: [gs://b/1, gs://b/2]\ncolumn: c\ndestination_table: q:d.t\nschema: s.yml\nskip_leading_rows: 1\nautodetect: false",
            Started("j"));

        Assert.Equal(
            """POST /bigquery/v2/projects/p/jobs {"jobReference":{"projectId":"p","jobId":"j"},"configuration":{"load":{"sourceUris":["gs://b/1","gs://b/2"],"destinationTable":{"projectId":"q","datasetId":"d","tableId":"t"},"schema":{"fields":[{"name":"c","type":"STRING"}]},"skipLeadingRows":1,"autodetect":false,"projectionFields":[],"schemaUpdateOptions":[]}}}""",
            google.Requests.First());
    }

    [Theory]
    [InlineData("bq_load>: gs://b/1\ndestination_table: d.t\nschema: s.json", "{\"fields\":[]}", "\"schema\":{\"fields\":[]}")]
    [InlineData("bq_load>: '[\"gs://b/1\"]'\ndestination_table: d.t\nschema: {fields: [{name: a}]}", "", "\"sourceUris\":[\"gs://b/1\"]")]
    public async Task Schemas_and_addresses_come_in_several_forms(string task, string file, string sent)
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Done));
        google.Use(_context);
        _context.Write("s.json", file);

        await RunAsync(new BqLoadOperator(), task, Started("j"));

        Assert.Contains(sent, google.Requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_written_to_files()
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Done));
        google.Use(_context);

        await RunAsync(
            new BqExtractOperator(), "bq_extract>: t\ndestination: gs://b/o_*.csv\nprint_header: false\ncompression: GZIP", Started("j"), "bq: {dataset: 'example.com:q:d'}");

        Assert.Equal(
            """POST /bigquery/v2/projects/p/jobs {"jobReference":{"projectId":"p","jobId":"j"},"configuration":{"extract":{"sourceTable":{"projectId":"example.com:q","datasetId":"d","tableId":"t"},"destinationUris":["gs://b/o_*.csv"],"printHeader":false,"compression":"GZIP"}}}""",
            google.Requests.First());
    }

    [Theory]
    [InlineData("bq>: {data: select 1}\ndestination_table: t", "Bad table reference. Either configure 'dataset' or include dataset name in table reference: t")]
    [InlineData("bq>: {data: select 1}\ndestination_table: a.b.c", "Bad table reference: a.b.c")]
    [InlineData("bq>: {data: select 1}\ndataset: 'a b'", "Bad dataset reference: a b")]
    [InlineData("bq>:", "Parameter 'query' is required but not set")]
    public async Task Wrong_options_are_refused_before_anything_is_sent(string task, string message)
    {
        using var google = GoogleServer.Of((200, "{}"));
        google.Use(_context);

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(new BqOperator(), task))).Message);
        Assert.Empty(google.Requests);
    }

    [Fact]
    public async Task A_project_must_be_known()
    {
        using var google = GoogleServer.Of((200, "{}"), (200, Done));
        google.Use(_context, project: null);

        Assert.Equal(
            "Missing 'gcp.project' secret",
            (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(new BqOperator(), "bq>: {data: select 1}", Started("j")))).Message);
        _context.SecretValues["gcp.project"] = "mine";
        await RunAsync(new BqOperator(), "bq>: {data: select 1}", Started("j"));
        Assert.StartsWith("POST /bigquery/v2/projects/mine/jobs ", google.Requests.First(), StringComparison.Ordinal);
    }

    private static ConfigMap Started(string id) => ConfigMap.Of(("jobId", id));

    private Task<OperatorOutcome> RunAsync(IOperator found, string task, ConfigMap state, string exports = "{}") =>
        found.RunAsync(OperatorTestContext.Request(task, exports) with { StateParams = state }, _context, TestContext.Current.CancellationToken);
}
