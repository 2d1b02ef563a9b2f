namespace WfRunner.Core.Engine;

/// <summary>How many tasks an attempt may have, and how long their names may be.</summary>
/// <param name="Count">The most tasks; Digdag's limit (engine 16).</param>
/// <param name="NameBytes">The longest full name of a task in bytes of UTF-8; null for any. A limit of the hosted service.</param>
public sealed record TaskLimits(int Count, int? NameBytes = null)
{
    /// <summary>A number of tasks, whose names may have any length.</summary>
    /// <param name="count">The most tasks.</param>
    public static implicit operator TaskLimits(int count) => FromInt32(count);

    /// <summary>A number of tasks, whose names may have any length.</summary>
    /// <param name="count">The most tasks.</param>
    /// <returns>The limits.</returns>
    public static TaskLimits FromInt32(int count) => new(count);
}
