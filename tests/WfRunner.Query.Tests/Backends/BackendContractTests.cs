using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Query.Tests.Backends;

/// <summary>
/// What every backend must do, in SQL that every engine knows. A backend's test class derives from this one and runs it against a real
/// engine, so that backends cannot drift apart.
/// </summary>
public abstract class BackendContractTests : IDisposable
{
    private const long SessionTime = 1710270306;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-contract-");

    protected abstract IQueryBackend Backend { get; }

    protected virtual BackendSettings Settings => BackendSettings.None;

    /// <summary>The numbers from 1 to n in a column <c>x</c>, as a table expression named <c>s</c>.</summary>
    protected abstract string Series(long n);

    /// <summary>How this engine calls the type of 64-bit integers and of texts in its results.</summary>
    protected virtual (string Integer, string Text) Types => ("bigint", "varchar");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Rows_come_with_columns()
    {
        var (columns, rows) = await RunAsync("select cast(1 as bigint) as a, 'it''s 日本' as b, cast(null as bigint) as \"c d\" union all select 2, '', 3 order by 1");

        Assert.Equal(["a", "b", "c d"], columns.Select(c => c.Name));
        Assert.Equal([Types.Integer, Types.Text], columns.Take(2).Select(c => c.Type));
        Assert.Equal(["""[1,"it's 日本",null]""", """[2,"",3]"""], rows);
    }

    [Fact]
    public async Task The_result_is_that_of_the_last_statement() => Assert.Equal(
        ["[3]"], (await RunAsync("create table a as select 1 as x; insert into a select 2; -- ; '\nselect cast(sum(x) as bigint) as s from a; /* ; */")).Rows);

    [Fact]
    public async Task A_statement_without_rows_has_no_result()
    {
        await using var job = await Backend.SubmitAsync(Request("create table a as select 1 as x"), Cancellation);

        Assert.False((await job.WaitAsync(Cancellation)).HasRows);
        Assert.Empty(await job.ReadRowsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(QueryJobStatus.Succeeded, await job.PollAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- nothing\n/* ; here */ ;;")]
    public async Task Nothing_gives_no_result(string query)
    {
        await using var job = await Backend.SubmitAsync(Request(query), Cancellation);

        Assert.False((await job.WaitAsync(Cancellation)).HasRows);
    }

    [Fact]
    public async Task Create_table_replaces_what_was_there()
    {
        await IntoAsync("select 1 as a union all select 2 -- done", "t", QueryTargetMode.Replace);
        await IntoAsync("with v as (select a + 10 as b from t)\nselect b, 5 as time from v", "t", QueryTargetMode.Replace);

        Assert.Equal(["[11,5]", "[12,5]"], (await RunAsync("select b, time from t order by b")).Rows);
    }

    [Fact]
    public async Task A_table_always_has_a_time()
    {
        await IntoAsync("select 1 as x", "t", QueryTargetMode.Replace);

        Assert.Equal([$"[1,{SessionTime}]"], (await RunAsync("select x, time from t")).Rows);
    }

    [Fact]
    public async Task Insert_into_makes_the_table_and_matches_columns_by_name()
    {
        await IntoAsync("select 'x' as a, 7 as time", "t", QueryTargetMode.Append);
        await IntoAsync("select 1 as b, 'y' as a", "t", QueryTargetMode.Append);

        Assert.Equal(["""["x",null,7]""", $"""["y",1,{SessionTime}]"""], (await RunAsync("select a, b, time from t order by a")).Rows);
    }

    [Fact]
    public async Task Statements_before_the_last_prepare_it()
    {
        await IntoAsync("create table a as select 4 as x; select x + 1 as y from a", "t", QueryTargetMode.Replace);

        Assert.Equal(["[5]"], (await RunAsync("select y from t")).Rows);
    }

    [Fact]
    public async Task Tables_of_another_database_are_named_with_it()
    {
        await IntoAsync("select 1 as a", "other_db.t", QueryTargetMode.Replace);
        await IntoAsync("select 2 as a", "t", QueryTargetMode.Append);

        Assert.Equal(["[1,2,2]"], (await RunAsync("select x.a, y.a as b, z.a as c from other_db.t x cross join t y cross join test.t z")).Rows);
    }

    [Fact]
    public async Task A_failed_query_leaves_the_table_as_it_was()
    {
        await IntoAsync("select 1 as a", "t", QueryTargetMode.Replace);

        await Assert.ThrowsAsync<QueryFailedException>(() => IntoAsync("select nothing_here as a", "t", QueryTargetMode.Replace));
        await Assert.ThrowsAsync<QueryFailedException>(() => IntoAsync("select nothing_here as a", "t", QueryTargetMode.Append));

        Assert.Equal([$"[1,{SessionTime}]"], (await RunAsync("select * from t")).Rows);
    }

    [Fact]
    public async Task A_mistake_is_told_in_one_line()
    {
        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a; select\n  nothing_here as b"));

        Assert.Contains("nothing_here", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        if (failure.Line is not null)
        {
            Assert.Equal((2, 3), (failure.Line, failure.Column));
        }
    }

    [Fact]
    public async Task Cancelling_ends_a_running_query()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var job = await Backend.SubmitAsync(Request(Endless), Cancellation);
        var waiting = job.WaitAsync(cancellation.Token);
        Assert.Equal(QueryJobStatus.Running, await job.PollAsync(Cancellation));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(QueryJobStatus.Cancelled, await job.PollAsync(Cancellation));
    }

    [Fact]
    public async Task A_reader_that_stops_early_ends_the_query()
    {
        await using (var job = await Backend.SubmitAsync(Request($"select x from {Series(10_000_000)}"), Cancellation))
        {
            await foreach (var row in job.ReadRowsAsync(Cancellation))
            {
                Assert.Single(row);
                break;
            }
        }

        Assert.Equal(["[1]"], (await RunAsync("select 1 as a")).Rows);
    }

    [Fact]
    public async Task A_large_result_is_never_held_as_a_whole()
    {
        await using var job = await Backend.SubmitAsync(Request($"select x, 'some text' as y from {Series(300_000)}"), Cancellation);
        await job.WaitAsync(Cancellation);
        var count = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            count += row.Count - 1;
            if (count == 250_000)
            {
                Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
            }
        }

        Assert.Equal(300_000, count);
    }

    [Fact]
    public async Task Queries_at_once_do_not_disturb_each_other()
    {
        await IntoAsync("select 0 as a", "t", QueryTargetMode.Replace);

        await Task.WhenAll(Enumerable.Range(1, 4).SelectMany(i => (Task[])
        [
            IntoAsync($"select {i} as a", "t", QueryTargetMode.Append),
            IntoAsync($"select {i} as a", $"t{i}", QueryTargetMode.Replace),
            RunAsync("select count(*) as n from t"),
        ]));

        Assert.Equal(["[5,10]"], (await RunAsync("select count(*) as n, cast(sum(a) as bigint) as s from t")).Rows);
    }

    [Fact]
    public async Task The_catalog_makes_and_drops_tables()
    {
        var table = TableName.Parse("t");
        await using (var catalog = await CatalogAsync())
        {
            Assert.False(await catalog.TableExistsAsync(table, Cancellation));
            await catalog.CreateTableAsync(table, Cancellation);
            await catalog.CreateTableAsync(table, Cancellation);
            Assert.True(await catalog.TableExistsAsync(table, Cancellation));
        }

        Assert.Equal(["[0]"], (await RunAsync("select count(time) as n from t")).Rows);
        await using (var catalog = await CatalogAsync())
        {
            await catalog.DropTableAsync(table, Cancellation);
            await catalog.DropTableAsync(table, Cancellation);
            Assert.False(await catalog.TableExistsAsync(table, Cancellation));
        }
    }

    [Fact]
    public async Task The_catalog_renames_over_another_table()
    {
        await IntoAsync("select 1 as a", "old_name", QueryTargetMode.Replace);
        await IntoAsync("select 2 as a", "new_name", QueryTargetMode.Replace);
        await using (var catalog = await CatalogAsync())
        {
            await catalog.RenameTableAsync(TableName.Parse("old_name"), "new_name", Cancellation);
            await catalog.RenameTableAsync(TableName.Parse("old_name"), "new_name", Cancellation);
            Assert.False(await catalog.TableExistsAsync(TableName.Parse("old_name"), Cancellation));
        }

        Assert.Equal(["[1]"], (await RunAsync("select a from new_name")).Rows);
    }

    [Fact]
    public async Task The_catalog_makes_and_drops_databases()
    {
        var table = TableName.Parse("made.t");
        await using var catalog = await CatalogAsync();
        Assert.False(await catalog.TableExistsAsync(table, Cancellation));
        await catalog.CreateDatabaseAsync("made", Cancellation);
        await catalog.CreateDatabaseAsync("made", Cancellation);
        await catalog.CreateTableAsync(table, Cancellation);
        Assert.True(await catalog.TableExistsAsync(table, Cancellation));

        await catalog.DropDatabaseAsync("made", Cancellation);
        await catalog.DropDatabaseAsync("made", Cancellation);
        Assert.False(await catalog.TableExistsAsync(table, Cancellation));
    }

    /// <summary>A query that would run for hours.</summary>
    private string Endless => $"select count(*) as n from {Series(100_000)} cross join (select x as y from {Series(100_000)}) b cross join (select x as z from {Series(100_000)}) c where x * y % 7 = z";

    protected QueryRequest Request(string query) => new()
    {
        ProjectDirectory = _folder.FullName,
        LocalDirectory = Path.Combine(_folder.FullName, ".digdag", "local"),
        Database = "test",
        Settings = Settings,
        Statement = query,
        Query = query,
        ScheduledTime = Instant.FromUnixTimeSeconds(SessionTime),
    };

    protected async Task<(IReadOnlyList<QueryColumn> Columns, List<string> Rows)> RunAsync(string query)
    {
        await using var job = await Backend.SubmitAsync(Request(query), Cancellation);
        var result = await job.WaitAsync(Cancellation);
        var rows = new List<string>();
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            rows.Add(new ConfigList(row).ToString());
        }

        return (result.Columns, rows);
    }

    protected async Task IntoAsync(string query, string table, QueryTargetMode mode)
    {
        await using var job = await Backend.SubmitAsync(
            Request(query) with { Target = new QueryTarget(TableName.Parse(table), mode) }, Cancellation);
        Assert.False((await job.WaitAsync(Cancellation)).HasRows);
    }

    private Task<IQueryCatalog> CatalogAsync() => Backend.OpenCatalogAsync(Request(string.Empty), Cancellation);
}
