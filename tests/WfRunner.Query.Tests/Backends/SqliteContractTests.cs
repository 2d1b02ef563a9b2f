using WfRunner.Query.Backends.Sqlite;

namespace WfRunner.Query.Tests.Backends;

/// <summary>The contract on SQLite, and what it has of Treasure Data.</summary>
public sealed class SqliteContractTests : BackendContractTests
{
    protected override IQueryBackend Backend { get; } = new SqliteBackend();

    protected override string Series(long n) =>
        $"(with recursive r(x) as (select 1 union all select x + 1 from r where x < {n}) select x from r) as s";

    [Theory]
    [InlineData("td_scheduled_time()", "1710270306")]
    [InlineData("td_time_parse('2024-03-13', 'JST')", "1710255600")]
    [InlineData("td_time_format(1710270306, 'yyyy-MM-dd HH:mm:ss', 'JST')", "\"2024-03-13 04:05:06\"")]
    [InlineData("td_time_range(1710255600, '2024-03-13', '2024-03-14', 'JST')", "1")]
    [InlineData("td_time_range(1710342000, '2024-03-13', '2024-03-14', 'JST')", "0")]
    [InlineData("td_time_range(1, 'no date')", "null")]
    [InlineData("td_time_add('2024-03-13', '1d', 'JST')", "1710342000")]
    [InlineData("td_date_trunc('day', 1710270306, 'JST')", "1710255600")]
    [InlineData("td_time_string(1710270306, 'd!', 'JST')", "\"2024-03-13\"")]
    [InlineData("td_interval(1710169200, '-1d', 'JST')", "1")]
    [InlineData("regexp_like('ab', 'a(?=b)')", "1")]
    [InlineData("regexp_replace('a1b2', '([a-z])([0-9])', '$2$1')", "\"1a2b\"")]
    [InlineData("regexp_extract('xay', 'a.')", "\"ay\"")]
    public async Task Functions_of_Treasure_Data_are_there(string call, string expected) =>
        Assert.Equal([$"[{expected}]"], (await RunAsync($"select {call} as v")).Rows);

    [Theory]
    [InlineData("main")]
    [InlineData("../x")]
    [InlineData("")]
    public async Task A_database_must_be_a_plain_name(string name) =>
        await Assert.ThrowsAsync<QueryFailedException>(() => IntoAsync("select 1 as a", $"{name}.t", QueryTargetMode.Replace));

    [Theory]
    [InlineData("attach '{0}' as x; create table x.t (a)")]
    [InlineData("vacuum into '{0}'")]
    public async Task A_query_reaches_no_file_but_its_databases(string query)
    {
        var path = Path.Combine(Path.GetTempPath(), $"wf-outside-{Guid.NewGuid():N}.db");

        await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(query.Replace("{0}", path, StringComparison.Ordinal)));

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_function_that_fails_fails_the_query() => Assert.Contains(
        "Unknown time zone: Mars",
        (await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync("select td_time_format(1, 'yyyy', 'Mars') as a"))).Message,
        StringComparison.Ordinal);
}
