namespace WfRunner.Core.Scheduling;

/// <summary>
/// The <c>hh:mm:ss</c> and <c>mm:ss</c> of a schedule: a delay in elapsed seconds, not a wall-clock time. Digdag behaviour:
/// schedules 3: any signed integers count, nothing is range-checked.
/// </summary>
internal static class TimeOfDay
{
    /// <summary>The seconds that a text stands for.</summary>
    /// <param name="text">Integers between colons, without blanks.</param>
    /// <param name="parts">How many there have to be; empty ones at the end do not count.</param>
    /// <returns>The seconds; null when the text has another form.</returns>
    public static long? Seconds(string text, int parts)
    {
        var fields = text.TrimEnd(':').Split(':');
        if (fields.Length != parts)
        {
            return null;
        }

        long seconds = 0;
        foreach (var field in fields)
        {
            if (!JavaInteger.TryParse(field, out var number))
            {
                return null;
            }

            seconds = (seconds * 60) + number;
        }

        return seconds;
    }
}
