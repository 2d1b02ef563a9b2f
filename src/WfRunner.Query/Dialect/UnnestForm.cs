namespace WfRunner.Query.Dialect;

/// <summary>
/// What <c>UNNEST(x) AS t(a, b)</c> is taken for: keys and values of a map, or the members of rows. The text does not tell, so a statement
/// with such a place is rewritten in both ways.
/// </summary>
internal sealed class UnnestForm
{
    /// <summary>Whether places in doubt take rows.</summary>
    public bool TakesRows { get; private set; }

    /// <summary>Whether there was a place in doubt.</summary>
    public bool WasInDoubt { get; set; }

    /// <summary>Starts a new rewriting.</summary>
    public void Reset(bool takesRows)
    {
        TakesRows = takesRows;
        WasInDoubt = false;
    }
}
