using NodaTime;
using WfRunner.Storage.Attempts;

namespace WfRunner.Storage.Rows;

/// <summary>
/// Narrows lists of attempts. The states are written into the statement rather than bound, so that the indexes of unfinished and of
/// failed attempts are used; there are few combinations, and no text of a user is in them.
/// </summary>
internal static class AttemptFilter
{
    /// <summary>The states as a condition on the table <c>a</c>.</summary>
    /// <param name="statuses">The states.</param>
    /// <param name="isTrue">How a true column is asked for, such as <c>a.{0} = 1</c>.</param>
    /// <param name="isFalse">How a false one is.</param>
    /// <returns>A condition with <c>AND</c> before it, or nothing.</returns>
    public static string Statuses(AttemptStatuses statuses, Func<string, string> isTrue, Func<string, string> isFalse)
    {
        if (statuses == AttemptStatuses.Any)
        {
            return string.Empty;
        }

        var terms = new List<string>();
        var failed = $"{isTrue("a.done")} AND {isFalse("a.success")}";
        Add(AttemptStatuses.Running, $"({isFalse("a.done")} AND {isFalse("a.queued")})");
        Add(AttemptStatuses.Queued, $"({isFalse("a.done")} AND {isTrue("a.queued")})");
        Add(AttemptStatuses.Success, $"({isTrue("a.done")} AND {isTrue("a.success")})");
        Add(AttemptStatuses.Error, $"({failed} AND {isFalse("a.cancel_requested")})");
        Add(AttemptStatuses.Canceled, $"({failed} AND {isTrue("a.cancel_requested")})");
        return $" AND ({string.Join(" OR ", terms)})";

        void Add(AttemptStatuses status, string term)
        {
            if (statuses.HasFlag(status))
            {
                terms.Add(term);
            }
        }
    }

    /// <summary>A condition on how long an attempt took, with <c>AND</c> before it; each bound may be null.</summary>
    /// <param name="atLeast">The parameter with the fewest milliseconds, such as <c>$8</c>.</param>
    /// <param name="atMost">The one with the most.</param>
    /// <param name="now">The one with the present time.</param>
    public static string Took(string atLeast, string atMost, string now) =>
        $"""
         AND ({atLeast} IS NULL OR coalesce(a.finished_at, {now}) - a.created_at >= {atLeast})
            AND ({atMost} IS NULL OR coalesce(a.finished_at, {now}) - a.created_at <= {atMost})
        """;

    /// <summary>A bound on durations as milliseconds; those of attempts have no finer part.</summary>
    public static long? Milliseconds(Duration? bound) => bound is { } length ? (long)length.TotalMilliseconds : null;

    /// <summary>A bound on session times, which are whole seconds, as the first second that is not before it.</summary>
    public static long? Seconds(Instant? bound)
    {
        if (bound is not { } time)
        {
            return null;
        }

        var seconds = time.ToUnixTimeSeconds();
        return Instant.FromUnixTimeSeconds(seconds) < time ? seconds + 1 : seconds;
    }
}
