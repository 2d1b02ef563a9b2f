using WfRunner.Query.Dialect;

namespace WfRunner.Query.Tests.Dialect;

/// <summary>TD's functions in Trino's SQL; everything else stays as it is.</summary>
public sealed class PrestoToTrinoTests
{
    [Theory]
    [InlineData("select transform(a, x -> x + 1), 'td_md5(x)' from t -- td_md5(x)", "select transform(a, x -> x + 1), 'td_md5(x)' from t -- td_md5(x)")]
    [InlineData("select td_time_format(time, 'yyyy-MM-dd', 'JST')", "select format_datetime(from_unixtime(time, '+09:00'), 'yyyy-MM-dd')")]
    [InlineData("select td_time_format(time, f, z)", "select format_datetime(from_unixtime(time, z), f)")]
    [InlineData("select td_time_string(time, 'd!', 'Asia/Tokyo')", "select format_datetime(date_trunc('day', from_unixtime(time, 'Asia/Tokyo')), 'yyyy-MM-dd')")]
    [InlineData("select td_time_string(time, 'h')", "select format_datetime(date_trunc('hour', from_unixtime(time, 'UTC')), 'yyyy-MM-dd HH:mm:ss''Z''')")]
    [InlineData("where td_time_range(time, '2024-03-13', '2024-03-14', 'JST')", "where (time >= 1710255600 AND time < 1710342000)")]
    [InlineData("where td_interval(time, '-1d', 'JST')", "where (time >= 1710169200 AND time < 1710255600)")]
    [InlineData("select td_time_add(time, '1d')", "select ((time) + (86400))")]
    [InlineData("select td_date_trunc('day', time, 'JST')", "select CAST(to_unixtime(date_trunc(lower('day'), from_unixtime(time, '+09:00'))) AS bigint)")]
    [InlineData("select td_time_parse(s, 'JST')", "select CAST(to_unixtime(with_timezone(CAST(s AS timestamp), '+09:00')) AS bigint)")]
    [InlineData("select td_scheduled_time()", "select CAST(1710270306 AS BIGINT)")]
    [InlineData("select td_first(v, a, b)", "select min_by(v, ROW(a, b))")]
    [InlineData("select td_md5(x)", "select lower(to_hex(md5(to_utf8(CAST(x AS varchar)))))")]
    public void A_call_is_rewritten(string sql, string expected) => Assert.Equal(expected, Rewrite(sql));

    [Fact]
    public void What_Trino_cannot_know_is_told_by_its_name()
    {
        var failure = Assert.Throws<QueryFailedException>(() => Rewrite("select td_parse_agent(agent)"));

        Assert.Equal("Trino has no function like TD_PARSE_AGENT", failure.Message);
    }

    private static string Rewrite(string sql) =>
        Assert.Single(new PrestoToTrino(new DialectSettings(1710270306, QueryEngine.Presto, _ => { })).Rewrite(sql)).Output().Text;
}
