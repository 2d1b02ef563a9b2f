using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>One statement as the engine gets it, and the way from its places back to the query.</summary>
/// <param name="Text">The statement, without the semicolon.</param>
/// <param name="SourceOf">The offset in the query of an offset in the text, both in UTF-16 units; -1 when it is no text of the user's.</param>
internal sealed record SqlText(string Text, Func<int, int> SourceOf)
{
    /// <summary>Line and column in the query, from 1, of a place in the statement.</summary>
    public (int? Line, int? Column) PlaceOf(string query, int? position) =>
        position is { } at && SourceOf(at) is var offset and >= 0 ? SqlPlace.Of(query, offset) : (null, null);
}
