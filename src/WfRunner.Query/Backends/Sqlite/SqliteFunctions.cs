using System.Globalization;
using Microsoft.Data.Sqlite;
using NodaTime;
using WfRunner.Query.Functions;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>The functions of Treasure Data and a few of Presto, for SQLite.</summary>
internal static class SqliteFunctions
{
    /// <summary>Makes the functions known to a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The query, whose scheduled time the functions of time refer to; null outside of queries.</param>
    public static void Register(SqliteConnection connection, QueryRequest? request)
    {
        var now = (request?.ReferenceTime ?? SystemClock.Instance.GetCurrentInstant()).ToUnixTimeSeconds();
        connection.CreateFunction<object?>("td_scheduled_time", () => now, isDeterministic: true);
        Define("td_time_parse", a => Text(a, 0) is { } text ? TdTimeFunctions.Bound(text, Text(a, 1)) : null);
        Define("td_time_range", a => Range(a));
        Define("td_time_format", a => Seconds(a, 0) is { } t && Text(a, 1) is { } f ? JavaDatePattern.Get(f).Format(t, TdTimeZone.Get(Text(a, 2))) : null);
        Define("td_time_string", a => Seconds(a, 0) is { } t && Text(a, 1) is { } unit ? TdTimeFunctions.TimeString(t, unit, Text(a, 2)) : null);
        Define("td_time_add", a => Bound(a, 0, Text(a, 2)) is { } t && Text(a, 1) is { } duration ? TdTimeFunctions.TimeAdd(t, duration) : null);
        Define("td_date_trunc", a => Text(a, 0) is { } unit && Seconds(a, 1) is { } t ? TdTimeFunctions.DateTrunc(unit, t, Text(a, 2)) : null);
        Define("td_interval", a => Seconds(a, 0) is { } time && Text(a, 1) is { } interval ? IsInside(time, interval, Text(a, 2), now) : null);
        Define("regexp_like", a => Text(a, 0) is { } text && Text(a, 1) is { } pattern ? Flag(JavaRegex.Like(text, pattern)) : null);
        Define("regexp_replace", a => Text(a, 0) is { } text && Text(a, 1) is { } pattern ? JavaRegex.Replace(text, pattern, Text(a, 2) ?? string.Empty) : null);
        Define("regexp_extract", a => Text(a, 0) is { } text && Text(a, 1) is { } pattern ? JavaRegex.Extract(text, pattern, Seconds(a, 2) ?? 0) : null);

        void Define(string name, Func<object?[], object?> body) => connection.CreateFunction(name, body, isDeterministic: true);
    }

    private static object Flag(bool value) => value ? 1L : 0L;

    private static object? Range(object?[] arguments)
    {
        var zone = Text(arguments, 3);
        _ = TdTimeZone.Get(zone);
        if (Seconds(arguments, 0) is not { } time)
        {
            return null;
        }

        var start = Bound(arguments, 1, zone);
        var end = Bound(arguments, 2, zone);
        return (start is null && Value(arguments, 1) is not null) || (end is null && Value(arguments, 2) is not null)
            ? null
            : Flag((start is null || time >= start) && (end is null || time < end));
    }

    private static object IsInside(long time, string interval, string? zone, long now)
    {
        var (start, end) = TdInterval.Resolve(interval, TdTimeZone.Get(zone), Instant.FromUnixTimeSeconds(now));
        return Flag(time >= start && time < end);
    }

    private static object? Value(object?[] arguments, int index) => index < arguments.Length && arguments[index] is not DBNull ? arguments[index] : null;

    private static string? Text(object?[] arguments, int index) => Convert.ToString(Value(arguments, index), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : Value(arguments, index) as string;

    private static long? Bound(object?[] arguments, int index, string? zone) =>
        Value(arguments, index) is string text ? TdTimeFunctions.Bound(text, zone) : Seconds(arguments, index);

    private static long? Seconds(object?[] arguments, int index) => Value(arguments, index) switch
    {
        long number => number,
        double number => (long)Math.Floor(number),
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
