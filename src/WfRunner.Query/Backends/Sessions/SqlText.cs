namespace WfRunner.Query.Backends.Sessions;

/// <summary>One statement of a query and where it stands there.</summary>
/// <param name="Text">The statement, without the semicolon.</param>
/// <param name="Offset">Its start in the query, in UTF-16 units.</param>
internal sealed record SqlText(string Text, int Offset)
{
    /// <summary>Line and column in the query, from 1, of a place in the statement.</summary>
    public (int? Line, int? Column) PlaceOf(string query, int? position)
    {
        if (position is not { } at)
        {
            return (null, null);
        }

        var before = query.AsSpan(0, Math.Clamp(Offset + at, 0, query.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
