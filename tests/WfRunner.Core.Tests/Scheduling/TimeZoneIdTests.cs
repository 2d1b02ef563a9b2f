using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class TimeZoneIdTests
{
    [Theory]
    [InlineData("Asia/Tokyo", "Asia/Tokyo")]
    [InlineData("EST5EDT", "EST5EDT")]
    [InlineData("Japan", "Japan")]
    [InlineData("Z", "Z")]
    [InlineData("+9", "+09:00")]
    [InlineData("+0900", "+09:00")]
    [InlineData("-09:30", "-09:30")]
    [InlineData("+00:00", "Z")]
    [InlineData("UTC+9", "UTC+09:00")]
    [InlineData("GMT+9", "GMT+09:00")]
    [InlineData("UT-05:00", "UT-05:00")]
    [InlineData("GMT+0", "GMT")]
    [InlineData("+18:00", "+18:00")]
    public void Names_of_Java_are_known_and_normalised(string name, string id)
    {
        Assert.True(TimeZoneId.TryParse(name, out var zone));
        Assert.Equal(id, zone.Id);
    }

    [Theory]
    [InlineData("JST")]
    [InlineData("PST")]
    [InlineData("EST")]
    [InlineData("utc")]
    [InlineData("asia/tokyo")]
    [InlineData("UTC+9:30")]
    [InlineData("+18:01")]
    [InlineData("+9:")]
    [InlineData("+")]
    [InlineData("")]
    [InlineData("9")]
    public void Other_names_are_not(string name) => Assert.False(TimeZoneId.TryParse(name, out _));

    [Fact]
    public void A_parameter_may_have_blanks_around_the_name_and_a_blank_one_is_the_default()
    {
        var parameters = ConfigMap.Of(("padded", " Asia/Tokyo "), ("blank", " "));

        Assert.Equal("Asia/Tokyo", parameters.GetTimeZoneOr("padded", DateTimeZone.Utc).Id);
        Assert.Equal(DateTimeZone.Utc, parameters.GetTimeZoneOr("blank", DateTimeZone.Utc));
    }
}
