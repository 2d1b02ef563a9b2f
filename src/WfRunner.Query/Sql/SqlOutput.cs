using System.Text;

namespace WfRunner.Query.Sql;

/// <summary>Rewritten SQL that remembers where in the source its pieces come from, so that errors point to what the user wrote.</summary>
internal sealed class SqlOutput
{
    private readonly StringBuilder _text = new();
    private readonly List<(int Start, int Source, bool IsCopy)> _pieces = [];

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Appends text of our own; errors in it point to the piece before or to the start.</summary>
    public SqlOutput Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Appends nodes.</summary>
    public SqlOutput Add(IEnumerable<SqlNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (node is SqlGroup group)
            {
                Add(group.Open);
                Add(group.Children);
                if (group.Close is { } close)
                {
                    Add(close);
                }
            }
            else
            {
                Add(((SqlLeaf)node).Token);
            }
        }

        return this;
    }

    /// <summary>The place in the source of a place in the text.</summary>
    /// <param name="byteOffset">Where, in bytes of UTF-8 from the start of the text.</param>
    /// <returns>The offset in UTF-16 units; -1 when the place is text of our own.</returns>
    public int SourceOffset(int byteOffset) => SourceOffsetOfText(Utf16Offset(byteOffset));

    /// <summary>The place in the source of a place in the text.</summary>
    /// <param name="at">Where, in UTF-16 units from the start of the text.</param>
    /// <returns>The offset in UTF-16 units; -1 when the place is text of our own.</returns>
    public int SourceOffsetOfText(int at)
    {
        for (var i = _pieces.Count - 1; i >= 0; i--)
        {
            var (start, source, isCopy) = _pieces[i];
            if (start <= at)
            {
                return isCopy ? source + at - start : source;
            }
        }

        return -1;
    }

    private void Add(SqlToken token)
    {
        _pieces.Add((_text.Length, token.Offset, token.Kind != SqlTokenKind.Generated));
        _text.Append(token.Text);
    }

    private int Utf16Offset(int byteOffset)
    {
        var bytes = 0;
        var at = 0;
        foreach (var rune in Text.EnumerateRunes())
        {
            if (bytes >= byteOffset)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            at += rune.Utf16SequenceLength;
        }

        return at;
    }
}
