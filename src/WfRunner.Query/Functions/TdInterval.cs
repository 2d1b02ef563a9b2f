using System.Globalization;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>
/// Interval strings of <c>TD_INTERVAL</c>, such as <c>-1d</c>, <c>-7d/-1d</c> or <c>-1M/now</c>. The algorithm is that of
/// operators-td 17.8: a duration is a vector of units, laid on the grid of its unit at a reference time.
/// </summary>
internal static class TdInterval
{
    /// <summary>The window of an interval.</summary>
    /// <param name="interval">The interval string.</param>
    /// <param name="zone">The zone whose days and weeks count.</param>
    /// <param name="reference">What <c>now</c> is.</param>
    /// <returns>Unix seconds; the start is inclusive, the end exclusive.</returns>
    /// <exception cref="SqlFunctionException">The string is no interval.</exception>
    public static (long Start, long End) Resolve(string interval, DateTimeZone zone, Instant reference)
    {
        var (start, end) = new Resolver(zone, reference).Resolve(interval.Trim());
        return (start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());
    }

    // x units from the grid line that lies off units away from the one before the context.
    private readonly record struct Vector(long X, long Off, TdTimeUnit Unit)
    {
        public static Vector? Parse(string text) => Named(text) ?? Counted(text);

        private static Vector? Named(string text) => text.ToLowerInvariant() switch
        {
            "today" => new Vector(-1, 1, TdTimeUnit.Day),
            "yesterday" => new Vector(-1, 0, TdTimeUnit.Day),
            "tomorrow" => new Vector(1, 1, TdTimeUnit.Day),
            "thishour" => new Vector(-1, 1, TdTimeUnit.Hour),
            "thisweek" => new Vector(-1, 1, TdTimeUnit.Week),
            "thismonth" => new Vector(-1, 1, TdTimeUnit.Month),
            "thisyear" => new Vector(-1, 1, TdTimeUnit.Year),
            "lasthour" => new Vector(-1, 0, TdTimeUnit.Hour),
            "lastweek" => new Vector(-1, 0, TdTimeUnit.Week),
            "lastmonth" => new Vector(-1, 0, TdTimeUnit.Month),
            "lastyear" => new Vector(-1, 0, TdTimeUnit.Year),
            "nexthour" => new Vector(1, 1, TdTimeUnit.Hour),
            "nextweek" => new Vector(1, 1, TdTimeUnit.Week),
            "nextmonth" => new Vector(1, 1, TdTimeUnit.Month),
            "nextyear" => new Vector(1, 1, TdTimeUnit.Year),
            _ => null,
        };

        private static Vector? Counted(string text)
        {
            var rest = text.AsSpan();
            var sign = 1;
            if (rest is ['+' or '-', ..])
            {
                sign = rest[0] == '-' ? -1 : 1;
                rest = rest[1..];
            }
            else if (rest.StartsWith("last") || rest.StartsWith("next"))
            {
                sign = rest[0] == 'l' ? -1 : 1;
                rest = rest[4..];
            }

            var digits = rest.Length - rest.TrimStart("0123456789").Length;
            return digits > 0 && digits < rest.Length
                && long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && TdTimeUnits.OfLetter(rest[digits]) is { } unit
                ? new Vector(sign * count, 0, unit)
                : null;
        }
    }

    private sealed class Resolver(DateTimeZone zone, Instant now)
    {
        public (Instant Start, Instant End) Resolve(string interval)
        {
            var slash = interval.IndexOf('/', StringComparison.Ordinal);
            var startText = slash < 0 ? interval : interval[..slash];
            var offset = slash < 0 ? null : interval[(slash + 1)..];
            if (Vector.Parse(startText) is { } vector)
            {
                var context = offset is null ? TdTimeUnits.Truncate(vector.Unit, now, zone) : OffsetTime(offset, vector.Unit);
                return Window(vector, context);
            }

            if (TdTimeText.Parse(startText, zone) is not { } seconds || !StartsWithYear(startText))
            {
                throw new SqlFunctionException($"Invalid duration: {interval}");
            }

            var start = Instant.FromUnixTimeSeconds(seconds);
            var natural = TdTimeText.IsDateOnly(startText) ? TdTimeUnit.Day : TdTimeUnit.Second;
            return Ordered(start, offset is null ? TdTimeUnits.Add(natural, start, 1, zone) : OffsetTime(offset, TdTimeUnit.Second));
        }

        private (Instant Start, Instant End) Window(Vector vector, Instant context)
        {
            var grid = TdTimeUnits.Truncate(vector.Unit, context, zone);
            var from = TdTimeUnits.Add(vector.Unit, grid, vector.Off, zone);
            var to = TdTimeUnits.Add(vector.Unit, from, vector.X, zone);
            return Ordered(context == grid ? from : context, to);
        }

        private static (Instant Start, Instant End) Ordered(Instant a, Instant b) => a <= b ? (a, b) : (b, a);

        // Nested offsets d1/d2/…/last: the last one is a time, the durations before it are applied from right to left.
        private Instant OffsetTime(string text, TdTimeUnit unit)
        {
            var parts = text.Split('/');
            var at = LastOffset(parts[^1], text, unit);
            for (var i = parts.Length - 2; i >= 0; i--)
            {
                at = Edge(Vector.Parse(parts[i]) ?? throw Wrong(text), at);
            }

            return at;
        }

        private Instant LastOffset(string part, string whole, TdTimeUnit unit)
        {
            if (part == "now")
            {
                return now;
            }

            if (Vector.Parse(part) is { } vector)
            {
                return Edge(vector, now);
            }

            var isExact = part.EndsWith(')');
            var date = isExact ? part[..^1] : part;
            if (TdTimeText.Parse(date, zone) is not { } seconds || !StartsWithYear(date))
            {
                throw Wrong(whole);
            }

            var at = Instant.FromUnixTimeSeconds(seconds);
            return isExact ? at : TdTimeUnits.Truncate(unit, at, zone);
        }

        private Instant Edge(Vector vector, Instant context)
        {
            // An offset is measured from the start of its unit: -1d from now is the start of yesterday.
            var window = Window(vector, TdTimeUnits.Truncate(vector.Unit, context, zone));
            return vector.X <= 0 ? window.Start : window.End;
        }

        private static bool StartsWithYear(string text) => text.Length > 4 && text[4] is '-' or '/';

        private static SqlFunctionException Wrong(string text) => new($"Invalid offset string: {text}");
    }
}
