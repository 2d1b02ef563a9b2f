using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Google;

namespace WfRunner.Operators.Tests.Cloud.Google;

public sealed class BqDdlOperatorTests : IDisposable
{
    private const string Projects = "/bigquery/v2/projects";

    private readonly OperatorTestContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Operations_are_done_in_their_order_whatever_the_order_of_the_keys()
    {
        using var google = new GoogleServer(request => request.StartsWith("GET", StringComparison.Ordinal) && !request.EndsWith("/tables", StringComparison.Ordinal)
            ? GoogleServer.Error(404)
            : (200, "{}"));
        google.Use(_context);

        await RunAsync("bq_ddl>:\ncreate_tables: [a.t]\nempty_tables: [a.u]\ndelete_tables: [a.v]\ncreate_datasets: [b]\nempty_datasets: ['q:c']\ndelete_datasets: [d]");

        Assert.Equal(
            [
                $"GET {Projects}/p/datasets/d",
                $"GET {Projects}/q/datasets/c",
                $$$"""POST {{{Projects}}}/q/datasets {"datasetReference":{"projectId":"q","datasetId":"c"}}""",
                $$$"""POST {{{Projects}}}/p/datasets {"datasetReference":{"projectId":"p","datasetId":"b"}}""",
                $"DELETE {Projects}/p/datasets/a/tables/v",
                $"DELETE {Projects}/p/datasets/a/tables/u",
                $$$"""POST {{{Projects}}}/p/datasets/a/tables {"tableReference":{"projectId":"p","datasetId":"a","tableId":"u"}}""",
                $$$"""POST {{{Projects}}}/p/datasets/a/tables {"tableReference":{"projectId":"p","datasetId":"a","tableId":"t"}}""",
            ],
            google.Requests);
    }

    [Fact]
    public async Task A_dataset_is_deleted_with_all_pages_of_its_tables()
    {
        static string Page(string table, string next) =>
            $$$"""{"tables":[{"tableReference":{"projectId":"p","datasetId":"d","tableId":"{{{table}}}"}}]{{{next}}}}""";
        using var google = GoogleServer.Of(
            (200, "{}"), (200, Page("t1", ",\"nextPageToken\":\"n\"")), (204, ""), (200, Page("t2", "")), GoogleServer.Error(404), (204, ""));
        google.Use(_context);

        await RunAsync("bq_ddl>:\ndelete_datasets: [d]");

        Assert.Equal(
            [
                $"GET {Projects}/p/datasets/d",
                $"GET {Projects}/p/datasets/d/tables",
                $"DELETE {Projects}/p/datasets/d/tables/t1",
                $"GET {Projects}/p/datasets/d/tables?pageToken=n",
                $"DELETE {Projects}/p/datasets/d/tables/t2",
                $"DELETE {Projects}/p/datasets/d",
            ],
            google.Requests);
    }

    [Fact]
    public async Task What_exists_already_is_as_it_should_be()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(409));
        google.Use(_context);

        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("bq_ddl>:\ncreate_datasets: [d]\ncreate_tables: [d.t]"));
    }

    [Fact]
    public async Task Finished_operations_are_not_repeated_when_a_later_one_fails_for_a_moment()
    {
        using var google = GoogleServer.Of((200, "{}"), GoogleServer.Error(503), (200, "{}"));
        google.Use(_context);

        var again = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("bq_ddl>:\ncreate_datasets: [a, b]"));
        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("bq_ddl>:\ncreate_datasets: [a, b]", again.StateParams));

        Assert.Equal(["a", "b", "b"], google.Requests.Select(r => r[(r.LastIndexOf(':') + 2)..^3]));
    }

    [Fact]
    public async Task Everything_that_is_described_is_sent()
    {
        using var google = GoogleServer.Of((200, "{}"));
        google.Use(_context);

        await RunAsync(
            """
            bq_ddl>:
            dataset: d
            create_datasets:
              - {id: e, project: q, friendly_name: E, description: about, default_table_expiration: 1d, location: EU, labels: {a: b}, access: [{role: READER}]}
            create_tables:
              - {id: t, expiration_time: 1704164645, schema: {fields: [{name: c, type: STRING}]}, labels: {x: y}}
              - {id: u, dataset: f, expiration_time: '2024-01-02T03:04:05', view: {query: select 1}}
              - {id: v, expiration_time: '2024-01-02T03:04:05+09:00', time_partitioning: {type: DAY}}
            """);

        Assert.Equal(
            [
                $$$"""POST {{{Projects}}}/q/datasets {"datasetReference":{"projectId":"q","datasetId":"e"},"friendlyName":"E","description":"about","defaultTableExpirationMs":"86400000","location":"EU","access":[{"role":"READER"}],"labels":{"a":"b"}}""",
                $$$"""POST {{{Projects}}}/p/datasets/d/tables {"tableReference":{"projectId":"p","datasetId":"d","tableId":"t"},"expirationTime":"1704164645000","schema":{"fields":[{"name":"c","type":"STRING"}]},"labels":{"x":"y"}}""",
                $$$"""POST {{{Projects}}}/p/datasets/f/tables {"tableReference":{"projectId":"p","datasetId":"f","tableId":"u"},"expirationTime":"1704164645000","view":{"query":"select 1"}}""",
                $$$"""POST {{{Projects}}}/p/datasets/d/tables {"tableReference":{"projectId":"p","datasetId":"d","tableId":"v"},"expirationTime":"1704132245000","timePartitioning":{"type":"DAY"}}""",
            ],
            google.Requests);
    }

    [Theory]
    [InlineData("create_tables: [{id: t}]", "Bad table reference or configuration: Missing 'dataset'")]
    [InlineData("create_tables: [5]", "Invalid table reference or configuration: 5")]
    [InlineData("create_datasets: [5]", "Invalid dataset reference or configuration: 5")]
    [InlineData("delete_datasets: [{id: d}]", "Bad dataset reference: {\"id\":\"d\"}")]
    [InlineData("delete_tables: [{id: t}]", "Bad table reference: {\"id\":\"t\"}")]
    [InlineData("dataset: d\ncreate_tables: [{id: t, expiration_time: soon}]", "Invalid expiration_time: soon")]
    public async Task Wrong_items_are_refused(string options, string message)
    {
        using var google = GoogleServer.Of((200, "{}"));
        google.Use(_context);

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("bq_ddl>:\n" + options))).Message);
    }

    [Fact]
    public async Task A_refusal_fails_the_task()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(403, "not you"));
        google.Use(_context);

        Assert.Equal(
            "403 not you (google json response)",
            (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("bq_ddl>:\ncreate_datasets: [d]"))).Message);
    }

    private Task<OperatorOutcome> RunAsync(string task, ConfigMap? state = null) => new BqDdlOperator().RunAsync(
        OperatorTestContext.Request(task) with { StateParams = state ?? ConfigMap.Empty }, _context, TestContext.Current.CancellationToken);
}
