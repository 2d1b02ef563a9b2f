using NodaTime;

namespace WfRunner.Runtime.Logging;

/// <summary>The times that log lines and the banner start with.</summary>
public static class DigdagTimestamp
{
    /// <summary>Prints a time as <c>yyyy-MM-dd HH:mm:ss +0900</c>.</summary>
    /// <param name="time">The time with its zone.</param>
    /// <param name="withMilliseconds">Whether milliseconds follow the seconds.</param>
    /// <returns>The text.</returns>
    public static string Format(ZonedDateTime time, bool withMilliseconds = false)
    {
        // Written out by hand: this stands in front of every log line, and building format patterns costs start-up time.
        Span<char> buffer = stackalloc char[32];
        var at = 0;
        Digits(buffer, ref at, time.Year, 4);
        buffer[at++] = '-';
        Digits(buffer, ref at, time.Month, 2);
        buffer[at++] = '-';
        Digits(buffer, ref at, time.Day, 2);
        buffer[at++] = ' ';
        Digits(buffer, ref at, time.Hour, 2);
        buffer[at++] = ':';
        Digits(buffer, ref at, time.Minute, 2);
        buffer[at++] = ':';
        Digits(buffer, ref at, time.Second, 2);
        if (withMilliseconds)
        {
            buffer[at++] = '.';
            Digits(buffer, ref at, time.Millisecond, 3);
        }

        buffer[at++] = ' ';
        var offset = time.Offset.Seconds / 60;
        buffer[at++] = offset < 0 ? '-' : '+';
        offset = Math.Abs(offset);
        Digits(buffer, ref at, offset / 60, 2);
        Digits(buffer, ref at, offset % 60, 2);
        return new string(buffer[..at]);
    }

    private static void Digits(Span<char> buffer, ref int at, int number, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            buffer[at + i] = (char)('0' + (number % 10));
            number /= 10;
        }

        at += count;
    }
}
