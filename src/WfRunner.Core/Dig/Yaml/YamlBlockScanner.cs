using System.Text;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Reads texts in YAML's block notations: literal (<c>|</c>) and folded (<c>&gt;</c>).</summary>
internal sealed class YamlBlockScanner(YamlSource source)
{
    private readonly StringBuilder _value = new();
    private readonly StringBuilder _breaks = new();

    /// <summary>Reads a block text.</summary>
    /// <param name="indent">Column of the surrounding collection, -1 at the top.</param>
    public YamlToken Scan(int indent)
    {
        var start = source.Mark;
        var folded = source.Peek() == '>';
        source.Skip();
        var (chomping, increment) = Indicators(start);
        RestOfHeader(start);
        _value.Clear();
        _breaks.Clear();
        var least = Math.Max(1, indent + 1);
        var column = increment is { } given ? least + given - 1 : Math.Max(least, DeepestLeadingSpace());
        Breaks(column);
        var lineBreak = string.Empty;
        var end = source.Mark;
        while (source.Column == column && source.Peek() != '\0')
        {
            _value.Append(_breaks);
            var startsWithText = source.Peek() is not (' ' or '\t');
            var length = 0;
            while (!YamlCharacters.IsBreakOrEnd(source.Peek(length)))
            {
                length++;
            }

            _value.Append(source.Take(length));
            end = source.Mark;
            lineBreak = source.TakeBreak();
            _breaks.Clear();
            Breaks(column);
            if (source.Column != column || source.Peek() == '\0')
            {
                break;
            }

            if (!folded || lineBreak != "\n" || !startsWithText || source.Peek() is ' ' or '\t')
            {
                _value.Append(lineBreak);
            }
            else if (_breaks.Length == 0)
            {
                _value.Append(' ');
            }
        }

        if (chomping != '-')
        {
            _value.Append(lineBreak);
        }

        if (chomping == '+')
        {
            _value.Append(_breaks);
        }

        return new YamlToken(YamlTokenKind.Scalar, start, end, _value.ToString());
    }

    private (char Chomping, int? Increment) Indicators(YamlMark start)
    {
        var chomping = ' ';
        int? increment = null;
        if (source.Peek() is '-' or '+')
        {
            chomping = source.Take(1)[0];
            increment = Increment(start);
        }
        else if ((increment = Increment(start)) is not null && source.Peek() is ('-' or '+'))
        {
            chomping = source.Take(1)[0];
        }

        return YamlCharacters.IsSpaceOrBreak(source.Peek())
            ? (chomping, increment)
            : throw source.Error(
                $"expected chomping or indentation indicators, but found {source.Shown()}", "while scanning a block scalar", start);
    }

    private int? Increment(YamlMark start)
    {
        if (!char.IsAsciiDigit(source.Peek()))
        {
            return null;
        }

        if (source.Peek() == '0')
        {
            throw source.Error("expected indentation indicator in the range 1-9, but found 0", "while scanning a block scalar", start);
        }

        return source.Take(1)[0] - '0';
    }

    private void RestOfHeader(YamlMark start)
    {
        while (source.Peek() == ' ')
        {
            source.Skip();
        }

        if (source.Peek() == '#')
        {
            source.SkipLine();
        }

        if (source.Peek() != '\0' && source.TakeBreak().Length == 0)
        {
            throw source.Error($"expected a comment or a line break, but found {source.Shown()}", "while scanning a block scalar", start);
        }
    }

    // Of the empty lines before the first text, and of its own indentation, the deepest column.
    private int DeepestLeadingSpace()
    {
        var deepest = 0;
        while (true)
        {
            if (source.Peek() == ' ')
            {
                source.Skip();
                deepest = Math.Max(deepest, source.Column);
            }
            else if (source.TakeBreak() is { Length: > 0 } lineBreak)
            {
                _breaks.Append(lineBreak);
            }
            else
            {
                return deepest;
            }
        }
    }

    private void Breaks(int column)
    {
        while (true)
        {
            while (source.Column < column && source.Peek() == ' ')
            {
                source.Skip();
            }

            var lineBreak = source.TakeBreak();
            if (lineBreak.Length == 0)
            {
                return;
            }

            _breaks.Append(lineBreak);
        }
    }
}
