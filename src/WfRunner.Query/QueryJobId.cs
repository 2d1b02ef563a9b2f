namespace WfRunner.Query;

/// <summary>Identity of a query job at its backend: decimal digits, but treated as text everywhere.</summary>
/// <param name="Value">The id as printed.</param>
public readonly record struct QueryJobId(string Value)
{
    /// <summary>The id as printed in logs.</summary>
    public override string ToString() => Value;
}
