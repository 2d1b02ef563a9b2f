using System.Globalization;

namespace WfRunner.Core.Sessions;

/// <summary>Identity of a pool of attempts.</summary>
/// <param name="Value">The number, from 1.</param>
public readonly record struct PoolId(long Value) : IComparable<PoolId>
{
    /// <summary>Whether one id was given out before another.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    public static bool operator <(PoolId left, PoolId right) => left.Value < right.Value;

    /// <summary>Whether one id was given out after another.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    public static bool operator >(PoolId left, PoolId right) => left.Value > right.Value;

    /// <summary>Whether one id was not given out after another.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    public static bool operator <=(PoolId left, PoolId right) => left.Value <= right.Value;

    /// <summary>Whether one id was not given out before another.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    public static bool operator >=(PoolId left, PoolId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(PoolId other) => Value.CompareTo(other.Value);

    /// <summary>The number in digits, as the API and the command line print it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
