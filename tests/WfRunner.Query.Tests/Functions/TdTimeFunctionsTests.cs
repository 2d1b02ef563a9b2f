using NodaTime;
using WfRunner.Query.Functions;

namespace WfRunner.Query.Tests.Functions;

/// <summary>The tables of operators-td 16 and 17. R is 2024-03-13 04:05:06 in Tokyo, a Wednesday.</summary>
public sealed class TdTimeFunctionsTests
{
    private const long R = 1710270306;

    [Theory]
    [InlineData("2024-03-13", null, 1710288000L)]
    [InlineData("2024-03-13", "JST", 1710255600L)]
    [InlineData("2024-03-13 04:05:06", "JST", R)]
    [InlineData("2024-03-13 04:05:06 UTC", "JST", 1710302706L)]
    [InlineData("2024-03-13T04:05:06+09:00", null, R)]
    [InlineData("2024-03-12T19:05:06Z", "JST", R)]
    [InlineData("2023/06/05", null, 1685923200L)]
    [InlineData("2022-1-01 00:00", null, 1640995200L)]
    [InlineData("  2024-03-13  04:05 ", "JST", 1710270300L)]
    [InlineData("2024-03-12 19:05:06.999 UTC", "JST", R)]
    [InlineData("2024-03-12 19:05:06.123+00", "JST", R)]
    [InlineData("2013-01-01 PDT", null, 1357023600L)]
    [InlineData("1710270306", "JST", R)]
    [InlineData("12345678", null, null)]
    [InlineData("not a date", null, null)]
    [InlineData("2024-02-30", null, null)]
    [InlineData("2024-03-13 25:00:00", null, null)]
    [InlineData("2024-03/13", null, null)]
    [InlineData("2024-03-13 Mars", null, null)]
    [InlineData("", null, null)]
    public void Times_are_read(string text, string? zone, long? expected) => Assert.Equal(expected, TdTimeFunctions.Bound(text, zone));

    [Theory]
    [InlineData("jst", 9 * 3600)]
    [InlineData("PDT", -7 * 3600)]
    [InlineData("PST", -8 * 3600)]
    [InlineData("+9", 9 * 3600)]
    [InlineData("-0700", -7 * 3600)]
    [InlineData("+09:30", (9 * 3600) + 1800)]
    [InlineData("GMT+09:00", 9 * 3600)]
    [InlineData("UTC+9", 9 * 3600)]
    [InlineData(" asia/tokyo ", 9 * 3600)]
    [InlineData("America/Los_Angeles", -7 * 3600)]
    public void Zones_have_their_offset_at_R(string zone, int seconds) =>
        Assert.Equal(seconds, TdTimeZone.Get(zone).GetUtcOffset(Instant.FromUnixTimeSeconds(R)).Seconds);

    [Fact]
    public void An_unknown_zone_is_an_error() =>
        Assert.Equal("Unknown time zone: Mars", Assert.Throws<SqlFunctionException>(() => TdTimeZone.Get("Mars")).Message);

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss", null, "2024-03-12 19:05:06")]
    [InlineData("yyyy-MM-dd HH:mm:ss", "JST", "2024-03-13 04:05:06")]
    [InlineData("yyyy-MM-dd HH:mm:ss z", "JST", "2024-03-13 04:05:06 GMT+09:00")]
    [InlineData("z", null, "UTC")]
    [InlineData("z", "Asia/Tokyo", "JST")]
    [InlineData("z", "America/Los_Angeles", "PDT")]
    [InlineData("yyyy-MM-dd HH:00:00", "JST", "2024-03-13 04:00:00")]
    [InlineData("yyyyMMddHH", "JST", "2024031304")]
    [InlineData("hh:mm a", "America/Los_Angeles", "12:05 PM")]
    [InlineData("yy y yyy M d", "JST", "24 2024 2024 3 13")]
    [InlineData("MMMM MMM EEEE E u", "JST", "March Mar Wednesday Wed 3")]
    [InlineData("DDD D w ww W F", "JST", "073 73 11 11 3 2")]
    [InlineData("H k h K SSS G", "JST", "4 4 4 4 000 AD")]
    [InlineData("Z X XX XXX", "JST", "+0900 +09 +0900 +09:00")]
    [InlineData("Z X XX XXX", null, "+0000 Z Z Z")]
    [InlineData("yyyy'年'MM''dd", "JST", "2024年03'13")]
    [InlineData("yyyy‒MM", "JST", "2024‒03")]
    public void Times_are_printed(string format, string? zone, string expected) =>
        Assert.Equal(expected, JavaDatePattern.Get(format).Format(R, TdTimeZone.Get(zone)));

    [Fact]
    public void The_week_year_is_not_the_year() =>
        Assert.Equal("2019-12-31", JavaDatePattern.Get("YYYY-MM-dd").Format(1546214400, DateTimeZone.Utc));

    [Fact]
    public void A_letter_that_is_no_field_is_an_error() =>
        Assert.Equal("Illegal pattern character 'b'", Assert.Throws<SqlFunctionException>(() => JavaDatePattern.Get("yyyy-bb")).Message);

    [Theory]
    [InlineData("y", "2024-01-01 00:00:00+0900", "2024")]
    [InlineData("q", "2024-01-01 00:00:00+0900", "2024-01")]
    [InlineData("M", "2024-03-01 00:00:00+0900", "2024-03")]
    [InlineData("w", "2024-03-11 00:00:00+0900", "2024-03-11")]
    [InlineData("d", "2024-03-13 00:00:00+0900", "2024-03-13")]
    [InlineData("h", "2024-03-13 04:00:00+0900", "2024-03-13 04")]
    [InlineData("m", "2024-03-13 04:05:00+0900", "2024-03-13 04:05")]
    [InlineData("s", "2024-03-13 04:05:06+0900", "2024-03-13 04:05:06")]
    public void Times_are_cut_and_printed(string unit, string full, string shortened)
    {
        Assert.Equal(full, TdTimeFunctions.TimeString(R, unit, "JST"));
        Assert.Equal(shortened, TdTimeFunctions.TimeString(R, unit + "!", "JST"));
    }

    [Fact]
    public void Utc_is_printed_as_Z() => Assert.Equal("2024-03-12 00:00:00Z", TdTimeFunctions.TimeString(R, "d", null));

    [Theory]
    [InlineData("-1d", 1710183906)]
    [InlineData("1h30m", 1710275706)]
    [InlineData("-1h30m", 1710264906)]
    [InlineData("-1w", 1709665506)]
    [InlineData("1d12h30m", 1710401706)]
    [InlineData("8week", 1710270306 + (8 * 604800))]
    public void Durations_are_added(string duration, long expected) => Assert.Equal(expected, TdTimeFunctions.TimeAdd(R, duration));

    [Theory]
    [InlineData("1M")]
    [InlineData("1y")]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("1")]
    public void A_wrong_duration_is_an_error(string duration) => Assert.Equal(
        $"Invalid duration: {duration}", Assert.Throws<SqlFunctionException>(() => TdTimeFunctions.TimeAdd(R, duration)).Message);

    [Theory]
    [InlineData("minute", 1710270300, 1710270300)]
    [InlineData("hour", 1710270000, 1710270000)]
    [InlineData("DAY", 1710201600, 1710255600)]
    [InlineData("week", 1710115200, 1710082800)]
    [InlineData("month", 1709251200, 1709218800)]
    [InlineData("quarter", 1704067200, 1704034800)]
    [InlineData("year", 1704067200, 1704034800)]
    public void Times_are_cut(string unit, long utc, long jst)
    {
        Assert.Equal(utc, TdTimeFunctions.DateTrunc(unit, R, null));
        Assert.Equal(jst, TdTimeFunctions.DateTrunc(unit, R, "JST"));
    }

    [Fact]
    public void A_day_starts_by_the_rules_of_its_zone() =>
        Assert.Equal(1710057600, TdTimeFunctions.DateTrunc("day", 1710064799, "America/Los_Angeles"));

    [Fact]
    public void An_unknown_unit_is_an_error() => Assert.Equal(
        "Invalid date unit: century", Assert.Throws<SqlFunctionException>(() => TdTimeFunctions.DateTrunc("century", 0, null)).Message);
}
