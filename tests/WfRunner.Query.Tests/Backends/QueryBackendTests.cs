using System.Globalization;
using System.Numerics;
using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Query.Tests.Backends;

/// <summary>
/// What a backend that takes Presto's whole dialect must do, on the real engine. What every backend must do, in SQL that all know,
/// is <see cref="BackendContractTests"/>.
/// </summary>
public abstract class QueryBackendTests : IDisposable
{
    /// <summary>2024-03-13 04:05:06 in Tokyo.</summary>
    protected const long SessionTime = 1710270306;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-query-");

    protected abstract IQueryBackend Backend { get; }

    protected string Project => _folder.FullName;

    protected List<string> Warnings { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Rows_come_with_columns_in_Presto_spelling()
    {
        var (columns, rows) = await RunAsync("select cast(1 as bigint) as a, 'x' as b, 1.5e0 as c, true as d");

        Assert.Equal("a bigint, b varchar, c double, d boolean", string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal("""[1,"x",1.5,true]""", Assert.Single(rows));
    }

    [Theory]
    [InlineData("'日本語 \U0001F600 it''s'", "varchar(20)", "\"日本語 \U0001F600 it's\"")]
    [InlineData("cast(null as varchar)", "varchar", "null")]
    [InlineData("''", "varchar", "\"\"")]
    [InlineData("cast(-9223372036854775808 as bigint)", "bigint", "-9223372036854775808")]
    [InlineData("decimal '123456789012345678.90'", "decimal(20,2)", "\"123456789012345678.90\"")]
    [InlineData("cast(-0.05 as decimal(4,2))", "decimal(4,2)", "\"-0.05\"")]
    [InlineData("date '2024-03-13'", "date", "\"2024-03-13\"")]
    [InlineData("timestamp '2024-03-13 04:05:06.789'", "timestamp", "\"2024-03-13 04:05:06.789\"")]
    [InlineData("timestamp '1969-12-31 23:59:59.5'", "timestamp", "\"1969-12-31 23:59:59.500\"")]
    [InlineData("timestamp '2024-03-13 04:05:06 UTC'", "timestamp with time zone", "\"2024-03-13 04:05:06.000 UTC\"")]
    [InlineData("array[1, null, 3]", "array(integer)", "[1,null,3]")]
    [InlineData("array['a', null, '']", "array(varchar)", """["a",null,""]""")]
    [InlineData("array[array['x'], array[]]", "array(array(varchar))", """[["x"],[]]""")]
    [InlineData("map(array['k', 'l'], array[1, null])", "map(varchar,integer)", """{"k":1,"l":null}""")]
    [InlineData("cast(row(1, 'x') as row(a bigint, b varchar))", "row(a bigint, b varchar)", """{"a":1,"b":"x"}""")]
    [InlineData("1e100", "double", "1.0E100")]
    [InlineData("0.1e0", "double", "0.1")]
    public async Task Values_are_read_as_they_are(string expression, string type, string json)
    {
        var (columns, rows) = await RunAsync($"select {expression} as v");

        // Lengths of varchar are no part of the promise.
        Assert.Equal(type.Split('(')[0] == "varchar" ? "varchar" : type, columns[0].Type);
        Assert.Equal($"[{json}]", Assert.Single(rows));
    }

    [Fact]
    public async Task Doubles_may_be_no_numbers()
    {
        await using var job = await SubmitAsync(Request("select nan() as a, infinity() as b"));
        await job.WaitAsync(Cancellation);
        var row = await job.ReadRowsAsync(Cancellation).SingleAsync(Cancellation);

        Assert.True(double.IsNaN(Assert.IsType<ConfigFloat>(row[0]).Value));
        Assert.True(double.IsPositiveInfinity(Assert.IsType<ConfigFloat>(row[1]).Value));
    }

    [Fact]
    public async Task Create_table_replaces_what_was_there()
    {
        await RunIntoAsync("select 1 as a union all select 2", "t", QueryTargetMode.Replace);
        await RunIntoAsync("select a + 10 as b, 5 as time from t", "t", QueryTargetMode.Replace);

        Assert.Equal(["[11,5]", "[12,5]"], (await RunAsync("select b, time from t order by b")).Rows);
    }

    [Fact]
    public async Task A_table_always_has_a_time()
    {
        await RunIntoAsync("with a as (select 1 as x)\n\nselect x from a", "t", QueryTargetMode.Replace);

        Assert.Equal([$"[1,{SessionTime}]"], (await RunAsync("select x, time from t")).Rows);
    }

    [Fact]
    public async Task Insert_into_makes_the_table_and_matches_columns_by_name()
    {
        await RunIntoAsync("select 'x' as a, 7 as time", "t", QueryTargetMode.Append);
        await RunIntoAsync("select 1 as b, 'y' as a", "t", QueryTargetMode.Append);

        Assert.Equal(
            ["""["x",null,7]""", $"""["y",1,{SessionTime}]"""], (await RunAsync("select a, b, time from t order by a")).Rows);
    }

    [Fact]
    public async Task A_target_has_no_result()
    {
        await using var job = await SubmitAsync(Request("select 1 as a") with { Target = new QueryTarget(TableName.Parse("t"), QueryTargetMode.Replace) });

        Assert.False((await job.WaitAsync(Cancellation)).HasRows);
        Assert.Empty(await job.ReadRowsAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Tables_of_another_database_are_named_with_it()
    {
        await RunIntoAsync("select 1 as a", "other_db.t", QueryTargetMode.Replace);
        await RunIntoAsync("select 2 as a", "t", QueryTargetMode.Replace);

        Assert.Equal(["[1,2]"], (await RunAsync("select x.a, y.a as b from \"other_db\".t x cross join t y")).Rows);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("order")]
    [InlineData("say \"hi\"")]
    [InlineData("表")]
    [InlineData("it's")]
    public async Task Any_table_name_works(string name)
    {
        await RunIntoAsync("select 1 as \"col umn\"", name, QueryTargetMode.Replace);
        await RunIntoAsync("select 2 as \"col umn\"", name, QueryTargetMode.Append);

        var quoted = new TableName(null, name).ToSql(QueryEngine.Presto);
        Assert.Equal(["[1]", "[2]"], (await RunAsync($"select \"col umn\" from {quoted} order by 1")).Rows);
    }

    [Fact]
    public async Task A_mistake_is_told_with_its_place()
    {
        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select '日本' as a,\n  nothing_here as b\nfrom (values (1)) t(x)"));

        Assert.Equal((2, 3), (failure.Line, failure.Column));
        Assert.Contains("nothing_here", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_mistake_in_the_grammar_is_told_with_its_place()
    {
        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a\nform t x y"));

        Assert.Equal(2, failure.Line);
    }

    [Fact]
    public async Task A_failed_query_leaves_the_table_as_it_was()
    {
        await RunIntoAsync("select 1 as a", "t", QueryTargetMode.Replace);

        await Assert.ThrowsAsync<QueryFailedException>(
            () => RunIntoAsync("select cast(x as bigint) as a from (values ('1'), ('oops')) v(x)", "t", QueryTargetMode.Replace));
        await Assert.ThrowsAsync<QueryFailedException>(
            () => RunIntoAsync("select cast(x as bigint) as c from (values ('1'), ('oops')) v(x)", "t", QueryTargetMode.Append));

        Assert.Equal([$"[1,{SessionTime}]"], (await RunAsync("select * from t")).Rows);
    }

    [Fact]
    public async Task The_result_is_that_of_the_last_statement() => Assert.Equal(
        ["[3]"], (await RunAsync("create table a as select 1 as x; insert into a select 2; select sum(x) as s from a;")).Rows);

    [Fact]
    public async Task Only_comments_give_no_result()
    {
        await using var job = await SubmitAsync(Request("-- nothing\n/* here */"));

        Assert.False((await job.WaitAsync(Cancellation)).HasRows);
        Assert.Equal(QueryJobStatus.Succeeded, await job.PollAsync(Cancellation));
    }

    [Fact]
    public async Task Jobs_are_numbered_on()
    {
        await using var first = await SubmitAsync(Request("select 1 as a"));
        await using var second = await SubmitAsync(Request("select 1 as a"));

        Assert.Equal(
            BigInteger.Parse(first.Id.Value, CultureInfo.InvariantCulture) + 1, BigInteger.Parse(second.Id.Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Cancelling_ends_a_running_query()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var job = await SubmitAsync(Request(EndlessQuery));
        var waiting = job.WaitAsync(cancellation.Token);

        Assert.Equal(QueryJobStatus.Running, await job.PollAsync(Cancellation));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(QueryJobStatus.Cancelled, await job.PollAsync(Cancellation));
    }

    [Fact]
    public async Task Disposing_a_running_query_ends_it_and_leaves_no_table()
    {
        var job = await SubmitAsync(Request(EndlessQuery) with { Target = new QueryTarget(TableName.Parse("t"), QueryTargetMode.Replace) });
        await job.DisposeAsync();

        await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select * from t"));
    }

    [Fact]
    public async Task A_large_result_is_never_held_as_a_whole()
    {
        await using var job = await SubmitAsync(Request("select x, cast(x as varchar) as y from unnest(sequence(1, 1000)) a(x) cross join unnest(sequence(1, 1000)) b(y)"));
        await job.WaitAsync(Cancellation);
        var count = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            count++;
            if (count == 900_000)
            {
                Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 10_000_000);
            }
        }

        Assert.Equal(1_000_000, count);
    }

    [Fact]
    public async Task Many_queries_at_once_do_not_disturb_each_other()
    {
        await RunIntoAsync("select 0 as a", "t", QueryTargetMode.Replace);
        var tasks = Enumerable.Range(1, 8).SelectMany(i => (Task[])
        [
            RunIntoAsync($"select {i} as a", "t", QueryTargetMode.Append),
            RunIntoAsync($"select {i} as a", $"t{i}", QueryTargetMode.Replace),
            RunAsync("select count(*) as n from t"),
        ]);

        await Task.WhenAll(tasks);

        Assert.Equal(["[9,36]"], (await RunAsync("select count(*) as n, cast(sum(a) as bigint) as s from t")).Rows);
    }

    /// <summary>A query that would run for hours.</summary>
    protected virtual string EndlessQuery =>
        "select count(*) as n from unnest(sequence(1, 100000)) a(x) cross join unnest(sequence(1, 100000)) b(y) cross join unnest(sequence(1, 100000)) c(z) where x + y * z % 7 = 3";

    protected Task<IQueryJob> SubmitAsync(QueryRequest request) => Backend.SubmitAsync(request, Cancellation);

    protected QueryRequest Request(string query) => new()
    {
        ProjectDirectory = Project,
        LocalDirectory = Path.Combine(Project, ".digdag", "local"),
        Database = "test",
        Statement = query,
        Query = query,
        ScheduledTime = Instant.FromUnixTimeSeconds(SessionTime),
        Warn = Warnings.Add,
    };

    protected async Task<(IReadOnlyList<QueryColumn> Columns, List<string> Rows)> RunAsync(string query)
    {
        await using var job = await SubmitAsync(Request(query));
        var result = await job.WaitAsync(Cancellation);
        var rows = new List<string>();
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            rows.Add(new ConfigList(row).ToString());
        }

        return (result.Columns, rows);
    }

    protected async Task RunIntoAsync(string query, string table, QueryTargetMode mode)
    {
        await using var job = await SubmitAsync(Request(query) with { Target = new QueryTarget(TableName.Parse(table), mode) });
        await job.WaitAsync(Cancellation);
    }
}
