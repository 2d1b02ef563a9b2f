using WfRunner.Query.Functions;

namespace WfRunner.Query.Dialect;

/// <summary>What <c>TD_TIME_STRING</c> cuts a time down to and prints (operators-td 17.4).</summary>
internal static class TimeUnits
{
    /// <summary>The unit and the Java pattern of a specification such as <c>d!</c>; null when it is none.</summary>
    public static (string Unit, string Pattern)? Of(string specification)
    {
        var isShort = specification.EndsWith('!');
        (string Unit, string Pattern)? known = specification.TrimEnd('!') switch
        {
            "y" => ("year", "yyyy"),
            "q" => ("quarter", "yyyy-MM"),
            "M" => ("month", "yyyy-MM"),
            "w" => ("week", "yyyy-MM-dd"),
            "d" => ("day", "yyyy-MM-dd"),
            "h" => ("hour", "yyyy-MM-dd HH"),
            "m" => ("minute", "yyyy-MM-dd HH:mm"),
            "s" => ("second", "yyyy-MM-dd HH:mm:ss"),
            _ => null,
        };
        return isShort || known is not { } full ? known : (full.Unit, "yyyy-MM-dd HH:mm:ss");
    }

    /// <summary>The offset that the long form prints for a zone without daylight saving; null for others.</summary>
    public static string? FixedOffset(string? zone) => TdTimeZone.Get(zone) switch
    {
        var utc when utc == NodaTime.DateTimeZone.Utc => "Z",
        { MinOffset: var min, MaxOffset: var max } when min == max => min.ToString("+HHmm", System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The seconds of a duration such as <c>-1h30m</c>.</summary>
    public static long Seconds(string duration) => TdTimeFunctions.TimeAdd(0, duration);
}
