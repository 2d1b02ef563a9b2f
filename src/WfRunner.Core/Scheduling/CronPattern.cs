using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// A cron pattern in the dialect of Digdag, which differs from every .NET cron library: alternatives with <c>|</c>, both day
/// fields must match, ranges wrap around, <c>5/10</c> is just 5, <c>L</c> is the last day of the month. Digdag behaviour:
/// schedules 6.
/// </summary>
public sealed class CronPattern
{
    private readonly CronGroup[] _groups;

    private CronPattern(string text, CronGroup[] groups)
    {
        Text = text;
        _groups = groups;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>The alternatives; a minute matches when it matches any.</summary>
    internal IReadOnlyList<CronGroup> Groups => _groups;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="WorkflowException">
    /// It is malformed; kind <see cref="FailureKind.InvalidPattern"/>, the message names the field and the element (schedules 6.3).
    /// </exception>
    public static CronPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var groups = text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(CronGroup.Parse).ToArray();
        return groups.Length > 0
            ? new CronPattern(text, groups)
            : throw new WorkflowException(FailureKind.InvalidPattern, $"invalid pattern: \"{text}\"");
    }

    /// <summary>Whether a minute matches any alternative.</summary>
    /// <param name="time">The local time; seconds are ignored.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(LocalDateTime time) => Array.Exists(_groups, g => g.Matches(time));
}
