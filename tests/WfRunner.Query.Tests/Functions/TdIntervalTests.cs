using NodaTime;
using WfRunner.Query.Functions;

namespace WfRunner.Query.Tests.Functions;

/// <summary>The table of operators-td 17.8 in Tokyo.</summary>
public sealed class TdIntervalTests
{
    private static readonly Instant R = Instant.FromUnixTimeSeconds(1710270306);

    [Theory]
    [InlineData("-1d", 1710169200, 1710255600)]
    [InlineData("1d", 1710255600, 1710342000)]
    [InlineData("0d", 1710255600, 1710255600)]
    [InlineData("-7d", 1709650800, 1710255600)]
    [InlineData("-1w", 1709478000, 1710082800)]
    [InlineData("1w", 1710082800, 1710687600)]
    [InlineData("-1M", 1706713200, 1709218800)]
    [InlineData("-2M", 1704034800, 1709218800)]
    [InlineData("1M", 1709218800, 1711897200)]
    [InlineData("-1q", 1696086000, 1704034800)]
    [InlineData("-1y", 1672498800, 1704034800)]
    [InlineData("1y", 1704034800, 1735657200)]
    [InlineData("-1h", 1710266400, 1710270000)]
    [InlineData("-15m", 1710269400, 1710270300)]
    [InlineData("-30s", 1710270276, 1710270306)]
    [InlineData("-1h/now", 1710266400, 1710270306)]
    [InlineData("-7d/now", 1709650800, 1710270306)]
    [InlineData("0d/now", 1710255600, 1710270306)]
    [InlineData("0M/now", 1709218800, 1710270306)]
    [InlineData("-1d/-1d", 1710082800, 1710169200)]
    [InlineData("-7d/-2d", 1709478000, 1710082800)]
    [InlineData("-1w/-1w", 1708873200, 1709478000)]
    [InlineData("-1w/-7d", 1708873200, 1709650800)]
    [InlineData("-1M/-1M", 1704034800, 1706713200)]
    [InlineData("-1M/-2M", 1701356400, 1704034800)]
    [InlineData("-10d/-1M", 1705849200, 1706713200)]
    [InlineData("-1h/0d", 1710252000, 1710255600)]
    [InlineData("-7d/0M", 1708614000, 1709218800)]
    [InlineData("0M/-7d", 1709218800, 1709650800)]
    [InlineData("-6M/1M", 1696086000, 1711897200)]
    [InlineData("-7d/2015-12-25", 1450364400, 1450969200)]
    [InlineData("-1M/2024-02-15 10:00:00", 1704034800, 1706713200)]
    [InlineData("0M/2024-02-15)", 1706713200, 1707922800)]
    [InlineData("2024-03-01", 1709218800, 1709305200)]
    [InlineData("2024-02-01/2024-03-01", 1706713200, 1709218800)]
    [InlineData("2024-03-01/now", 1709218800, 1710270306)]
    [InlineData("lastMonth", 1706713200, 1709218800)]
    [InlineData("yesterday", 1710169200, 1710255600)]
    [InlineData("today", 1710255600, 1710342000)]
    public void Intervals_are_windows(string interval, long start, long end) =>
        Assert.Equal((start, end), TdInterval.Resolve(interval, TdTimeZone.Get("JST"), R));

    [Theory]
    [InlineData("-10d/-1M", 2018, 6, 21, 0, 0, 2018, 7, 1, 0, 0)]
    [InlineData("-1w", 2018, 8, 6, 0, 0, 2018, 8, 13, 0, 0)]
    [InlineData("-15m", 2018, 8, 14, 1, 8, 2018, 8, 14, 1, 23)]
    public void The_examples_of_the_documentation(
        string interval, int y1, int m1, int d1, int h1, int n1, int y2, int m2, int d2, int h2, int n2) => Assert.Equal(
        (Instant.FromUtc(y1, m1, d1, h1, n1).ToUnixTimeSeconds(), Instant.FromUtc(y2, m2, d2, h2, n2).ToUnixTimeSeconds()),
        TdInterval.Resolve(interval, DateTimeZone.Utc, Instant.FromUtc(2018, 8, 14, 1, 23, 45)));

    [Theory]
    [InlineData("-1x", "Invalid duration: -1x")]
    [InlineData("", "Invalid duration: ")]
    [InlineData("1710270306", "Invalid duration: 1710270306")]
    [InlineData("-1d/then", "Invalid offset string: then")]
    public void A_wrong_interval_is_an_error(string interval, string message) => Assert.Equal(
        message, Assert.Throws<SqlFunctionException>(() => TdInterval.Resolve(interval, DateTimeZone.Utc, R)).Message);
}
