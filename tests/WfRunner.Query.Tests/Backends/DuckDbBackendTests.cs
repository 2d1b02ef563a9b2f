using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Backends;

/// <summary>The shared suite on DuckDB, and what only the local engine does.</summary>
public sealed class DuckDbBackendTests : QueryBackendTests
{
    protected override IQueryBackend Backend { get; } = new DuckDbBackend();

    [Fact]
    public async Task A_csv_file_is_a_table_with_the_types_its_values_have()
    {
        WriteFixture("t.csv", "time,ip,code,ratio,name,note,none\n1,10.0.0.1,007,1.5,\"a, \"\"b\"\"\",\"\",\n2,10.0.0.2,010,2,日本語,,\n");

        var (columns, rows) = await RunAsync("select * from t order by time");

        Assert.Equal(
            "time bigint, ip varchar, code varchar, ratio double, name varchar, note varchar, none varchar",
            string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(
            ["""[1,"10.0.0.1","007",1.5,"a, \"b\"","",null]""", """[2,"10.0.0.2","010",2.0,"日本語",null,null]"""], rows);
    }

    [Theory]
    [InlineData("select cast(x as varchar) as v from (select null as x) t", "[null]")]
    [InlineData("select b as v from unnest(array[cast(row(1, 'x') as row(a bigint, b varchar))]) as t(a, b)", "[\"x\"]")]
    public async Task A_query_that_only_its_second_reading_fits_fills_tables(string query, string expected)
    {
        await RunIntoAsync(query, "replaced", QueryTargetMode.Replace);
        await RunIntoAsync(query, "appended", QueryTargetMode.Append);

        Assert.Equal([expected], (await RunAsync("select v from replaced")).Rows);
        Assert.Equal([expected], (await RunAsync("select v from appended")).Rows);
    }

    [Theory]
    [InlineData("a,b\r\n1,\"x\r\ny\"\r\n")]
    [InlineData("\uFEFFa,b\n1,\"x\r\ny\"\n")]
    [InlineData("a,b\n1,\"x\r\ny\"")]
    [InlineData("\"a\",\"b\"\n1,\"x\r\ny\"")]
    public async Task Csv_files_of_any_system_are_read(string csv)
    {
        WriteFixture("t.csv", csv);

        Assert.Equal(["""[1,"x\r\ny"]"""], (await RunAsync("select a, b from t")).Rows);
    }

    [Fact]
    public async Task A_csv_file_without_rows_is_an_empty_table()
    {
        WriteFixture("t.csv", "a,\"say \"\"hi\"\"\"\n");

        var (columns, rows) = await RunAsync("select * from t");

        Assert.Equal(["a", "say \"hi\""], columns.Select(c => c.Name));
        Assert.Empty(rows);
    }

    [Fact]
    public async Task A_view_may_call_functions_that_the_query_does_not_name()
    {
        await RunAsync("create view v as select td_time_format(1710270306, 'yyyy') as y, element_at(array[1, 2], 2) as e, url_extract_host('http://h/') as h");

        Assert.Equal(["""["2024",2,"h"]"""], (await RunAsync("select * from v")).Rows);
    }

    [Fact]
    public async Task A_json_file_is_a_table()
    {
        WriteFixture("t.json", """{"a":1,"b":["x"]}""" + "\n" + """{"a":2,"b":[]}""" + "\n");

        Assert.Equal(["""[1,["x"]]""", "[2,[]]"], (await RunAsync("select a, b from t order by a")).Rows);
    }

    [Fact]
    public async Task A_fixture_is_imported_again_only_when_its_content_changes()
    {
        WriteFixture("t.csv", "a\n1\n");
        await RunIntoAsync("select a + 1 as a from t", "t", QueryTargetMode.Replace);
        File.SetLastWriteTimeUtc(FixturePath("t.csv"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        Assert.Equal(["[2]"], (await RunAsync("select a from t")).Rows);

        WriteFixture("t.csv", "a\n5\n6\n");

        Assert.Equal(["[5]", "[6]"], (await RunAsync("select a from t order by a")).Rows);
    }

    [Fact]
    public async Task A_fixture_of_another_database_is_found_by_its_name()
    {
        WriteFixture("t.csv", "a\n1\n", database: "elsewhere");

        Assert.Equal(["[1]"], (await RunAsync("select a from elsewhere.t")).Rows);
    }

    [Fact]
    public async Task Two_files_for_one_table_are_refused()
    {
        WriteFixture("t.csv", "a\n1\n");
        WriteFixture("t.json", """{"a":1}""");

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a"));

        Assert.Equal("Local SQL error: table 't' has several fixtures: t.csv, t.json", failure.Message);
    }

    [Fact]
    public async Task A_broken_fixture_is_named()
    {
        WriteFixture("t.csv", "a,b\n1,2\n1,2,3,4\n");

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select 1 as a"));

        Assert.StartsWith($"Local SQL error: the fixture {FixturePath("t.csv")} cannot be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(Project, ".digdag", "local"), "import-*"));
    }

    [Theory]
    [InlineData("select * from read_csv('/etc/hosts')")]
    [InlineData("select * from read_text('/etc/hosts')")]
    [InlineData("copy (select 1) to '/tmp/wf-must-not-exist.csv'")]
    [InlineData("attach '/tmp/wf-must-not-exist.duckdb' as x")]
    [InlineData("set enable_external_access = true")]
    [InlineData("install httpfs")]
    public async Task A_query_reaches_nothing_outside_of_the_local_databases(string sql)
    {
        await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(sql));
        Assert.False(File.Exists("/tmp/wf-must-not-exist.csv"));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("memory")]
    [InlineData("system")]
    public async Task A_database_that_cannot_be_a_file_is_refused(string database)
    {
        await using var job = await SubmitAsync(Request("select 1 as a") with { Database = database });

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => job.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"Local SQL error: '{database}' cannot be the name of a local database", failure.Message);
    }

    [Fact]
    public async Task The_file_is_free_again_after_the_last_query()
    {
        await RunIntoAsync("select 1 as a", "t", QueryTargetMode.Replace);
        var path = Path.Combine(Project, ".digdag", "local", "test.duckdb");

        File.Move(path, path + ".moved");
        File.Move(path + ".moved", path);

        Assert.Equal(["[1]"], (await RunAsync("select a from t")).Rows);
    }

    [Fact]
    public async Task A_file_that_another_process_has_open_is_waited_for()
    {
        await RunIntoAsync("select 1 as a", "t", QueryTargetMode.Replace);
        using var other = await OtherProcess.LockAsync(Path.Combine(Project, ".digdag", "local", "test.duckdb"));
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var job = await SubmitAsync(Request("select a from t") with { Warn = w => told.TrySetResult(w) });

        Assert.Equal(
            $"Waiting for {Path.Combine(Project, ".digdag", "local", "test.duckdb")}, which another process has open",
            await told.Task.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(QueryJobStatus.Running, await job.PollAsync(TestContext.Current.CancellationToken));
        other.Release();

        Assert.Single(await job.ReadRowsAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Waiting_for_another_process_can_be_cancelled()
    {
        await RunIntoAsync("select 1 as a", "t", QueryTargetMode.Replace);
        using var other = await OtherProcess.LockAsync(Path.Combine(Project, ".digdag", "local", "test.duckdb"));
        await using var job = await SubmitAsync(Request("select a from t"));

        await job.CancelAsync(TestContext.Current.CancellationToken);

        Assert.Equal(QueryJobStatus.Cancelled, await job.PollAsync(TestContext.Current.CancellationToken));
    }

    private string FixturePath(string file, string database = "test") => Path.Combine(Project, "data", database, file);

    private void WriteFixture(string file, string text, string database = "test")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FixturePath(file, database))!);
        File.WriteAllText(FixturePath(file, database), text);
    }
}
