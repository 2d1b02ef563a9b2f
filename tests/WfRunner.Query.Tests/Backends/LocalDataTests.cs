using WfRunner.Core;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Backends;

/// <summary>Data of local databases as files.</summary>
public sealed class LocalDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-data-");
    private readonly LocalData _data;

    public LocalDataTests() => _data = new LocalData(new QueryScope
    {
        ProjectDirectory = _folder.FullName,
        LocalDirectory = Path.Combine(_folder.FullName, ".digdag", "local"),
        Database = "test",
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_is_listed_where_there_is_nothing() => Assert.Empty(await _data.ListAsync(Cancellation));

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("json")]
    public async Task What_goes_out_comes_back(string ending)
    {
        Write("in.csv", "time,name,note\n1,日本,\n2,\"a,b\",x\n");

        Assert.Equal(2, await _data.ImportAsync(PathOf("in.csv"), TableName.Parse("t"), Cancellation));
        Assert.Equal(2, await _data.ExportAsync(TableName.Parse("test.t"), PathOf($"out.{ending}"), Cancellation));
        Assert.Equal(2, await _data.ImportAsync(PathOf($"out.{ending}"), TableName.Parse("other.u"), Cancellation));

        Assert.Equal(
            ["other.u 2 time,name,note", "test.t 2 time,name,note"],
            (await _data.ListAsync(Cancellation)).Select(t => $"{t.Name} {t.Rows} {string.Join(',', t.Columns)}"));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullName, ".digdag", "local"), "data-*"));
    }

    [Fact]
    public async Task Files_of_the_project_are_listed_too()
    {
        Write("data/test/given.csv", "a\n1\n");

        Assert.Equal("test.given", Assert.Single(await _data.ListAsync(Cancellation)).Name.ToString());
    }

    [Fact]
    public async Task A_missing_file_is_told() =>
        Assert.Equal(FailureKind.NoSuchFile, (await Assert.ThrowsAsync<WorkflowException>(() => _data.ImportAsync(PathOf("none.csv"), TableName.Parse("t"), Cancellation))).Kind);

    [Theory]
    [InlineData("x.txt")]
    [InlineData("x")]
    public async Task An_unknown_ending_is_told(string name) => Assert.Contains(
        "the file must end with .csv, .parquet, .json",
        (await Assert.ThrowsAsync<WorkflowException>(() => _data.ExportAsync(TableName.Parse("t"), PathOf(name), Cancellation))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_table_is_told_and_leaves_no_file()
    {
        await Assert.ThrowsAsync<QueryFailedException>(() => _data.ExportAsync(TableName.Parse("none"), PathOf("x.csv"), Cancellation));

        Assert.False(File.Exists(PathOf("x.csv")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }
}
