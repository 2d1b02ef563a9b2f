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

    /// <summary>The offset of a line and a column, both from 1.</summary>
    public static int OffsetOf(string text, int line, int column)
    {
        var start = 0;
        for (var i = 1; i < line && text.IndexOf('\n', start) is var end and >= 0; i++)
        {
            start = end + 1;
        }

        return Math.Min(start + column - 1, text.Length);
    }
}
