namespace WfRunner.Query.Sql;

/// <summary>Places in a text as people count them.</summary>
internal static class SqlPlace
{
    /// <summary>Line and column, both from 1, of an offset.</summary>
    public static (int Line, int Column) Of(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        var lastBreak = before.LastIndexOf('\n');
        return (before.Count('\n') + 1, before.Length - lastBreak);
    }
}
