using System.Diagnostics;
using System.Globalization;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary><c>wf sql</c>: a query is shown in the words of each engine, or run.</summary>
public sealed class SqlTests
{
    private const string Values = """
        SELECT 1 AS id, '日本, "x"' AS name, NULL AS nothing, '' AS empty, DECIMAL '1.10' AS price, TIMESTAMP '2024-03-13 04:05:06' AS at,
          ARRAY['a', NULL] AS tags, map(ARRAY['k'], ARRAY[2]) AS attributes, true AS ok, 1.5e0 AS ratio
        """;

    [Theory]
    [InlineData("duckdb", "SELECT (time >= 1710255600 AND time < 1710342000) AS a")]
    [InlineData("sqlite", "(time >= 1710255600 AND time < 1710342000)")]
    [InlineData("postgresql", "(time >= 1710255600 AND time < 1710342000)")]
    [InlineData("trino", "(time >= 1710255600 AND time < 1710342000)")]
    [InlineData("treasuredata", "TD_TIME_RANGE(time, '2024-03-13', '2024-03-14', 'JST')")]
    public async Task A_query_is_shown_as_each_engine_gets_it(string backend, string expected)
    {
        using var folder = new TestFolder(("q.sql", "SELECT TD_TIME_RANGE(time, '2024-03-13', '2024-03-14', 'JST') AS a, json_extract_scalar(j, '$.a') AS b FROM t"));

        var result = (await Wf.RunAsync(folder, "sql", "q.sql", "--backend", backend)).Exits(0);

        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
        Assert.EndsWith(";\n", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json", "[\n{\"id\":1,\"name\":\"日本, \\\"x\\\"\",\"nothing\":null,\"empty\":\"\",\"price\":\"1.10\",\"at\":\"2024-03-13 04:05:06.000\",\"tags\":[\"a\",null],\"attributes\":{\"k\":2},\"ok\":true,\"ratio\":1.5}\n]\n")]
    [InlineData("--jsonl", "{\"id\":1,\"name\":\"日本, \\\"x\\\"\",\"nothing\":null,\"empty\":\"\",\"price\":\"1.10\",\"at\":\"2024-03-13 04:05:06.000\",\"tags\":[\"a\",null],\"attributes\":{\"k\":2},\"ok\":true,\"ratio\":1.5}\n")]
    [InlineData("--csv", "id,name,nothing,empty,price,at,tags,attributes,ok,ratio\n1,\"日本, \"\"x\"\"\",,\"\",1.10,2024-03-13 04:05:06.000,\"[\"\"a\"\",null]\",\"{\"\"k\"\":2}\",true,1.5\n")]
    [InlineData("--tsv", "id\tname\tnothing\tempty\tprice\tat\ttags\tattributes\tok\tratio\n1\t日本, \"x\"\t\\N\t\t1.10\t2024-03-13 04:05:06.000\t[\"a\",null]\t{\"k\":2}\ttrue\t1.5\n")]
    public async Task Rows_are_written_in_each_form(string form, string expected)
    {
        using var folder = new TestFolder(("q.sql", Values));

        Assert.Equal(expected, (await Wf.RunAsync(folder, "sql", "q.sql", form)).Exits(0).Out);
    }

    [Fact]
    public async Task Rows_are_a_table_for_eyes()
    {
        using var folder = new TestFolder(("q.sql", "SELECT * FROM (VALUES (1, '日本'), (20, NULL)) t(id, name) ORDER BY id"));

        Assert.Equal("id | name\n---+-----\n1  | 日本\n20 | NULL\n(2 rows)\n", (await Wf.RunAsync(folder, "sql", "q.sql", "--run")).Exits(0).Out);
    }

    [Fact]
    public async Task No_rows_are_an_empty_array()
    {
        using var folder = new TestFolder(("q.sql", "SELECT 1 AS a WHERE false"));

        Assert.Equal("[]\n", (await Wf.RunAsync(folder, "sql", "q.sql", "--json")).Exits(0).Out);
        Assert.Equal(string.Empty, (await Wf.RunAsync(folder, "sql", "q.sql", "--jsonl")).Exits(0).Out);
        Assert.Equal("a\n", (await Wf.RunAsync(folder, "sql", "q.sql", "--csv")).Exits(0).Out);
    }

    [Fact]
    public async Task A_mistake_is_told_with_its_place()
    {
        using var folder = new TestFolder(("q.sql", "SELECT 1 AS a,\n  nothing_here AS b"));

        var result = (await Wf.RunAsync(folder, "sql", "q.sql", "--csv")).Exits(1).ShowsNoTrace();

        Assert.Contains("nothing_here", result.Error, StringComparison.Ordinal);
        Assert.Contains("(line 2, column 3)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filled_table_is_there_for_the_next_query()
    {
        using var folder = new TestFolder(("fill.sql", "SELECT 7 AS n"), ("read.sql", "SELECT n, time IS NOT NULL AS timed FROM test.t"));

        (await Wf.RunAsync(folder, "sql", "fill.sql", "--run", "--create-table", "t", "--database", "test")).Exits(0);

        Assert.Equal("{\"n\":7,\"timed\":true}\n", (await Wf.RunAsync(folder, "sql", "read.sql", "--jsonl", "--database", "test")).Exits(0).Out);
    }

    [Fact]
    public async Task An_interruption_ends_the_query_on_the_engine()
    {
        // More rows than anybody could read.
        using var folder = new TestFolder(("long.sql", "SELECT x FROM range(1000000000000) t(x)"), ("short.sql", "SELECT 1 AS a"));
        using var run = Wf.Start(folder, "sql", "long.sql", "--csv", "--database", "test");
        try
        {
            Assert.Equal("x", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            using var kill = Process.Start("kill", ["-INT", run.Id.ToString(CultureInfo.InvariantCulture)]);
            while (await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken) is not null)
            {
            }

            await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            Assert.Equal(130, run.ExitCode);
        }
        finally
        {
            run.Kill(entireProcessTree: true);
        }

        (await Wf.RunAsync(folder, "sql", "short.sql", "--csv", "--database", "test")).Exits(0);
    }

    [Theory]
    [InlineData("don't work together", "--json", "--csv")]
    [InlineData("--backend must be one of duckdb, postgresql, sqlite, treasuredata, trino", "--backend", "oracle")]
    public async Task Wrong_options_are_told(string message, params string[] options)
    {
        using var folder = new TestFolder(("q.sql", "SELECT 1"));

        Assert.Contains(message, (await Wf.RunAsync(folder, ["sql", "q.sql", .. options])).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SQLite_runs_the_same_query()
    {
        using var folder = new TestFolder(("q.sql", "SELECT TD_TIME_FORMAT(1710255600, 'yyyy-MM-dd', 'JST') AS d, split_part('a,b', ',', 2) AS p"));

        Assert.Equal("{\"d\":\"2024-03-13\",\"p\":\"b\"}\n", (await Wf.RunAsync(folder, "sql", "q.sql", "--jsonl", "--backend", "sqlite")).Exits(0).Out);
    }
}
