namespace WfRunner.Query.Dialect;

/// <summary>What the rewriting depends on besides the text.</summary>
/// <param name="ScheduledTime">What <c>TD_SCHEDULED_TIME()</c> is, in unix seconds.</param>
/// <param name="Engine">The dialect of the text.</param>
/// <param name="Warn">Takes warnings for the task's log.</param>
internal sealed record DialectSettings(long ScheduledTime, QueryEngine Engine, Action<string> Warn)
{
    /// <summary>
    /// Whether <c>UNNEST</c> of one argument with two columns is meant for an array of rows rather than for a map: the text alone does
    /// not tell.
    /// </summary>
    public bool UnnestsRows { get; init; }

    /// <summary>Whether <c>CAST(x AS varchar)</c> stays as it is, because an <c>x</c> is NULL by its type, rather than giving times milliseconds.</summary>
    public bool KeepsCasts { get; init; }

    /// <summary>Whether what <c>reduce</c> carries along has another type than the elements.</summary>
    public bool CarriesOtherType { get; init; }

    /// <summary>Where, and on which side of <c>||</c>, an element stands and not an array.</summary>
    public IReadOnlyList<(int Offset, bool WrapsLeft)> Elements { get; init; } = [];
}
