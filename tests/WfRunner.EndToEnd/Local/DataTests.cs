using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary><c>wf data</c>: tables come from files and go to files as they are.</summary>
public sealed class DataTests
{
    private const string Csv = "id,name,price,at,note\n1,日本 😀,1.10,2024-03-13 04:05:06,\n2,\"a, \"\"b\"\"\",-0.05,1999-12-31 23:59:59,\"\"\n";

    [Fact]
    public async Task A_csv_file_becomes_a_table_and_a_file_again()
    {
        using var folder = new TestFolder(("in.csv", Csv), ("q.sql", "SELECT id, name, price * 2 AS twice, year(CAST(at AS timestamp)) AS y, note IS NULL AS n, note FROM t ORDER BY id"));

        Assert.Equal("Imported 2 rows from in.csv to test.t\n", (await Wf.RunAsync(folder, "data", "import", "in.csv", "test.t")).Exits(0).Out);
        Assert.Equal("test.t  2 rows  id, name, price, at, note\n", (await Wf.RunAsync(folder, "data", "list")).Exits(0).Out);
        Assert.Equal(
            "{\"id\":1,\"name\":\"日本 😀\",\"twice\":2.2,\"y\":2024,\"n\":true,\"note\":null}\n{\"id\":2,\"name\":\"a, \\\"b\\\"\",\"twice\":-0.1,\"y\":1999,\"n\":false,\"note\":\"\"}\n",
            (await Wf.RunAsync(folder, "sql", "q.sql", "--jsonl", "--database", "test")).Exits(0).Out);
        Assert.Equal("Exported 2 rows from test.t to out.csv\n", (await Wf.RunAsync(folder, "data", "export", "test.t", "out.csv")).Exits(0).Out);
        
        // Numbers with a fraction are doubles, as they are on the service.
        Assert.Equal(Csv.Replace("1.10", "1.1", StringComparison.Ordinal), folder.Read("out.csv"));
    }

    [Fact]
    public async Task Parquet_keeps_types()
    {
        const string Fill = """
            SELECT 1 AS id, '日本' AS name, CAST(NULL AS varchar) AS nothing, DECIMAL '1.10' AS price, TIMESTAMP '2024-03-13 04:05:06' AS at,
              ARRAY['a', NULL] AS tags, map(ARRAY['k'], ARRAY[2]) AS attributes, CAST(ROW(1, 'x') AS ROW(a BIGINT, b VARCHAR)) AS pair, 5 AS time
            """;
        using var folder = new TestFolder(
            ("fill.sql", Fill),
            ("q.sql", "SELECT typeof(price) AS p, typeof(at) AS t, typeof(tags) AS a, typeof(attributes) AS m, * FROM copy"));
        (await Wf.RunAsync(folder, "sql", "fill.sql", "--run", "--create-table", "t", "--database", "test")).Exits(0);

        (await Wf.RunAsync(folder, "data", "export", "test.t", "t.parquet")).Exits(0);
        (await Wf.RunAsync(folder, "data", "import", "t.parquet", "test.copy")).Exits(0);

        Assert.Equal(
            "{\"p\":\"decimal(3,2)\",\"t\":\"timestamp\",\"a\":\"array(varchar)\",\"m\":\"map(varchar,integer)\",\"id\":1,\"name\":\"日本\",\"nothing\":null,\"price\":\"1.10\","
            + "\"at\":\"2024-03-13 04:05:06.000\",\"tags\":[\"a\",null],\"attributes\":{\"k\":2},\"pair\":{\"a\":1,\"b\":\"x\"},\"time\":5}\n",
            (await Wf.RunAsync(folder, "sql", "q.sql", "--jsonl", "--database", "test")).Exits(0).Out);
    }

    [Theory]
    [InlineData("File not found", "import", "none.csv", "test.t")]
    [InlineData("must end with", "import", "q.sql", "test.t")]
    [InlineData("Name the database", "import", "in.csv", "t")]
    [InlineData("does not exist", "export", "test.none", "out.csv")]
    [InlineData("data takes", "copy", "a", "b")]
    public async Task A_mistake_is_told(string message, params string[] arguments)
    {
        using var folder = new TestFolder(("in.csv", Csv), ("q.sql", "SELECT 1"));

        var result = (await Wf.RunAsync(folder, ["data", .. arguments])).Exits(1).ShowsNoTrace();

        Assert.Contains(message, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(folder.PathOf("out.csv")));
    }

    [Fact]
    public async Task Files_beside_the_project_are_tables()
    {
        using var folder = new TestFolder(("data/shop/orders.csv", "id,amount\n1,10\n"), ("q.sql", "SELECT sum(amount) AS total FROM orders"));

        Assert.Equal("shop.orders  1 row  id, amount\n", (await Wf.RunAsync(folder, "data", "list")).Exits(0).Out);
        Assert.Equal("total\n10\n", (await Wf.RunAsync(folder, "sql", "q.sql", "--csv", "--database", "shop")).Exits(0).Out);
    }
}
