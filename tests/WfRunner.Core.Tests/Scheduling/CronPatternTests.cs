using NodaTime;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class CronPatternTests
{
    [Theory]
    [InlineData("0 0 * * 0-7", "Sun")]
    [InlineData("0 0 * * 1-7", "Mon Tue Wed Thu Fri Sat Sun")]
    [InlineData("0 0 * * sun-SAT", "Mon Tue Wed Thu Fri Sat Sun")]
    [InlineData("0 0 * * fri-mon", "Mon Fri Sat Sun")]
    [InlineData("0 0 * * 5-7", "Fri Sat Sun")]
    [InlineData("0 0 * * */3", "Wed Sat Sun")]
    public void Days_of_the_week(string cron, string expected)
    {
        var pattern = CronPattern.Parse(cron);
        var monday = new LocalDateTime(2024, 1, 15, 0, 0);

        var days = Enumerable.Range(0, 7).Select(monday.PlusDays).Where(pattern.Matches).Select(d => d.DayOfWeek.ToString()[..3]);

        Assert.Equal(expected, string.Join(' ', days));
    }

    [Theory]
    [InlineData("5/10", "5")]
    [InlineData("10-30/10", "10 20 30")]
    [InlineData("58-2", "0 1 2 58 59")]
    [InlineData("*/90", "0")]
    [InlineData("-5", "5")]
    [InlineData("5-", "5")]
    [InlineData("/5", "5")]
    [InlineData("1--3", "1 2 3")]
    [InlineData("1,,2", "1 2")]
    [InlineData("+07", "7")]
    [InlineData("５", "5")]
    public void Minutes(string field, string expected)
    {
        var pattern = CronPattern.Parse(field + " * * * *");
        var hour = new LocalDateTime(2024, 1, 15, 0, 0);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 60).Where(m => pattern.Matches(hour.PlusMinutes(m)))));
    }

    [Theory]
    [InlineData("L", "29")]
    [InlineData("l-2", "1 2")]
    [InlineData("L,3", "3 29")]
    [InlineData("27-L", "27 28 29")]
    public void L_is_a_value_behind_the_days_of_the_month_and_matches_the_last_one(string field, string expected)
    {
        var pattern = CronPattern.Parse($"0 0 {field} * *");
        var february = new LocalDateTime(2024, 2, 1, 0, 0);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, 29).Where(d => pattern.Matches(february.PlusDays(d - 1)))));
    }

    [Theory]
    [InlineData("60 * * * *", "invalid pattern \"60 * * * *\". Error parsing minutes field: invalid field \"60\", invalid element \"60\", invalid range, invalid value \"60\", value out of range.")]
    [InlineData("0 0 * * ?", "invalid pattern \"0 0 * * ?\". Error parsing days of week field: invalid field \"?\", invalid element \"?\", invalid range, invalid value \"?\", invalid alias \"?\".")]
    [InlineData("*/0 * * * *", "invalid pattern \"*/0 * * * *\". Error parsing minutes field: invalid field \"*/0\", invalid element \"*/0\", non positive divisor \"0\".")]
    [InlineData("1/2/3 * * * *", "invalid pattern \"1/2/3 * * * *\". Error parsing minutes field: invalid field \"1/2/3\", invalid element \"1/2/3\", syntax error.")]
    [InlineData(",, * * * *", "invalid pattern \",, * * * *\". Error parsing minutes field: invalid field \",,\".")]
    [InlineData("@daily", "invalid pattern: \"@daily\"")]
    [InlineData("0 0 0 * * *", "invalid pattern: \"0 0 0 * * *\"")]
    [InlineData("0 0 * * *| ", "invalid pattern: \" \"")]
    [InlineData("|", "invalid pattern: \"|\"")]
    public void A_malformed_pattern_tells_the_field_and_the_element(string cron, string expected)
    {
        var error = Assert.Throws<WorkflowException>(() => CronPattern.Parse(cron));

        Assert.Equal((FailureKind.InvalidPattern, expected), (error.Kind, error.Message));
    }
}
