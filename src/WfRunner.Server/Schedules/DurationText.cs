using System.Globalization;
using NodaTime;
using WfRunner.Core;

namespace WfRunner.Server.Schedules;

/// <summary>Reads durations such as <c>1h 30m</c>: days, hours, minutes, seconds in this order, any case (schedules 8.4).</summary>
internal static class DurationText
{
    private const string Units = "dhms";
    private static readonly long[] SecondsOfUnit = [86_400, 3_600, 60, 1];

    /// <exception cref="ConfigException">The text has another form.</exception>
    public static Duration Parse(string text)
    {
        var total = 0L;
        var unit = -1;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            throw Invalid(text);
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw Invalid(text);
            }

            rest = rest[digits..].TrimStart();
            var next = Units.IndexOf(char.ToLowerInvariant(rest[0]), StringComparison.Ordinal);
            if (next <= unit)
            {
                throw Invalid(text);
            }

            unit = next;
            total += number * SecondsOfUnit[unit];
            rest = rest[1..].TrimStart();
        }

        return Duration.FromSeconds(total);
    }

    private static ConfigException Invalid(string text) =>
        new($"Invalid duration '{text}': write it as in \"1d 2h 30m 10s\"");
}
