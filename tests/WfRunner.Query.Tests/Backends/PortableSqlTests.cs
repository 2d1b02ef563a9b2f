using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;
using WfRunner.Query.Backends.DuckDb;
using WfRunner.Query.Backends.PostgreSql;
using WfRunner.Query.Backends.Sqlite;
using WfRunner.Tests.Shared;

namespace WfRunner.Query.Tests.Backends;

/// <summary>Presto SQL with TD's functions means the same on every engine, as far as an engine has what it needs.</summary>
public abstract class PortableSqlTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-portable-");

    protected abstract IQueryBackend Backend { get; }

    protected virtual BackendSettings Settings => BackendSettings.None;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    // TD's functions over columns
    [InlineData("td_time_format(t, 'yyyy-MM-dd HH:mm:ss', 'JST') from (select 1710270306 as t) v", "\"2024-03-13 04:05:06\"")]
    [InlineData("td_time_format(t, 'yyyyMMdd''T''HH') from (select 1710270306 as t) v", "\"20240312T19\"")]
    [InlineData("td_time_format(t, 'EEEE d MMM', 'Asia/Tokyo') from (select 1710270306 as t) v", "\"Wednesday 13 Mar\"")]
    [InlineData("td_time_string(t, 'd!', 'JST') from (select 1710270306 as t) v", "\"2024-03-13\"")]
    [InlineData("td_time_string(t, 'h', 'JST') from (select 1710270306 as t) v", "\"2024-03-13 04:00:00+0900\"")]
    [InlineData("td_time_string(t, 'M') from (select 1710270306 as t) v", "\"2024-03-01 00:00:00Z\"")]
    [InlineData("td_date_trunc('week', t, 'JST') from (select 1710270306 as t) v", "1710082800")]
    [InlineData("td_date_trunc('day', t, 'America/Los_Angeles') from (select 1710064799 as t) v", "1710057600")]
    [InlineData("td_time_add(t, '-1h30m') from (select 1710270306 as t) v", "1710264906")]
    [InlineData("td_time_parse(s, 'JST') from (select '2024-03-13' as s) v", "1710255600")]
    [InlineData("if(td_time_range(t, '2024-03-13', '2024-03-14', 'JST'), 'in', 'out') from (select 1710255600 as t) v", "\"in\"")]
    [InlineData("if(td_time_range(t + 0, '2024-03-13', null, 'JST'), 'in', 'out') from (select 1710255599 as t) v", "\"out\"")]
    [InlineData("if(td_interval(t, '-1d', 'JST'), 'in', 'out') from (select 1710169200 as t) v", "\"in\"")]
    [InlineData("td_scheduled_time()", "1710270306")]
    [InlineData("td_md5('abc')", "\"900150983cd24fb0d6963f7d28e17f72\"")]
    [InlineData("td_first(v, k) from (select 'b' as v, 2 as k union all select 'a', 1) t", "\"a\"")]
    [InlineData("td_last(v, k) from (select 'b' as v, 2 as k union all select 'a', 1) t", "\"b\"")]
    [InlineData("td_divide(cast(3 as double), cast(2 as double))", "1.5")]
    [InlineData("td_ip_to_country_code('10.0.0.1')", "null")]
    // conditions and aggregates
    [InlineData("if(1 > 2, 'a', 'b')", "\"b\"")]
    [InlineData("if(1 > 2, 'a')", "null")]
    [InlineData("concat('a', 'b', 'c')", "\"abc\"")]
    [InlineData("concat('a', cast(null as varchar))", "null")]
    [InlineData("greatest(1, 2)", "2")]
    [InlineData("least(1, cast(null as bigint))", "null")]
    [InlineData("count_if(x > 1) from (select 1 as x union all select 2 union all select 3) t", "2")]
    [InlineData("approx_distinct(x) from (select 1 as x union all select 2 union all select 2) t", "2")]
    [InlineData("max_by(v, k) from (select 'a' as v, 1 as k union all select 'b', 2) t", "\"b\"")]
    [InlineData("min_by(v, k) from (select 'a' as v, 1 as k union all select 'b', 2) t", "\"a\"")]
    [InlineData("7 / 2", "3")]
    // texts
    [InlineData("if(regexp_like('ab1', '[0-9]'), 'yes', 'no')", "\"yes\"")]
    [InlineData("regexp_replace('a1b2', '[0-9]')", "\"ab\"")]
    [InlineData("regexp_replace('a1b2', '([a-z])([0-9])', '$2$1')", "\"1a2b\"")]
    [InlineData("regexp_extract('x12y', '[0-9]+')", "\"12\"")]
    [InlineData("regexp_extract('x12y', '([a-z])([0-9]+)', 2)", "\"12\"")]
    [InlineData("split_part('a,b', ',', 2)", "\"b\"")]
    [InlineData("split_part('a,b', ',', 5)", "null")]
    [InlineData("strpos('abc', 'c')", "3")]
    [InlineData("replace('abab', 'a')", "\"bb\"")]
    [InlineData("json_extract_scalar('{\"a\":{\"b\":\"x\"}}', '$.a.b')", "\"x\"")]
    [InlineData("url_extract_host('https://www.example.com:8443/p?q=1')", "\"www.example.com\"")]
    [InlineData("url_extract_path('https://www.example.com:8443/p?q=1')", "\"/p\"")]
    [InlineData("cast(12 as varchar)", "\"12\"")]
    [InlineData("cast('12' as bigint) + 1", "13")]
    // times
    [InlineData("date_format(timestamp '2024-03-13 04:05:06', '%Y/%m/%d %H:%i')", "\"2024/03/13 04:05\"")]
    [InlineData("date_diff('day', timestamp '2020-01-01 23:00:00', timestamp '2020-01-02 01:00:00')", "0")]
    [InlineData("date_diff('month', timestamp '2020-01-31 00:00:00', timestamp '2020-03-01 00:00:00')", "1")]
    [InlineData("date_trunc('month', timestamp '2024-03-13 04:05:06')", "\"2024-03-01 00:00:00.000\"")]
    [InlineData("from_unixtime(0)", "\"1970-01-01 00:00:00.000\"")]
    [InlineData("from_unixtime(0, 'Asia/Tokyo')", "\"1970-01-01 09:00:00.000\"")]
    [InlineData("to_unixtime(from_unixtime(10))", "10.0")]
    [InlineData("year(date '2024-03-13')", "2024")]
    [InlineData("day_of_week(date '2024-03-13')", "3")]
    public async Task An_expression_means_the_same(string expression, string expected)
    {
        await using var job = await Backend.SubmitAsync(Request($"select {expression}"), Cancellation);
        var result = await job.WaitAsync(Cancellation);
        var row = await job.ReadRowsAsync(Cancellation).SingleAsync(Cancellation);

        Assert.Equal("_col0", Assert.Single(result.Columns).Name);
        Assert.Equal($"[{expected}]", new ConfigList(row).ToString());
    }

    [Fact]
    public async Task A_query_that_cannot_be_put_into_the_engines_sql_says_why()
    {
        await using var job = await Backend.SubmitAsync(Request("select make_set_digest(1)"), Cancellation);

        var failure = await Assert.ThrowsAsync<QueryFailedException>(async () =>
        {
            await job.WaitAsync(Cancellation);
        });

        Assert.Contains("make_set_digest", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    private QueryRequest Request(string query) => new()
    {
        ProjectDirectory = _folder.FullName,
        LocalDirectory = Path.Combine(_folder.FullName, "local"),
        Database = "test",
        Settings = Settings,
        Statement = query,
        Query = query,
        ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
    };
}

/// <summary>Portable SQL on DuckDB.</summary>
public sealed class DuckDbPortableSqlTests : PortableSqlTests
{
    protected override IQueryBackend Backend { get; } = new DuckDbBackend();
}

/// <summary>Portable SQL on SQLite.</summary>
public sealed class SqlitePortableSqlTests : PortableSqlTests
{
    protected override IQueryBackend Backend { get; } = new SqliteBackend();
}

/// <summary>Portable SQL on a PostgreSQL server.</summary>
public sealed class PostgreSqlPortableSqlTests(PostgresServer server) : PortableSqlTests, IClassFixture<PostgresServer>
{
    protected override IQueryBackend Backend { get; } = new PostgreSqlBackend();

    protected override BackendSettings Settings => new(
        ConfigMap.Of(("postgresql", ConfigMap.Of(
            ("host", "127.0.0.1"), ("port", server.Port), ("user", PostgresServer.User), ("database", "postgres"), ("ssl", false)))),
        new OnePassword(),
        new Dictionary<string, string>());

    private sealed class OnePassword : ISecretProvider
    {
        public string? Find(string key) => key == "pg.password" ? PostgresServer.Password : null;
    }
}
