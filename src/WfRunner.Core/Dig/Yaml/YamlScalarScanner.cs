using System.Buffers;
using System.Globalization;
using System.Text;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Reads texts in the notations that run on within a line: plain, single and double quoted.</summary>
internal sealed class YamlScalarScanner(YamlSource source)
{
    private readonly StringBuilder _value = new();
    private readonly StringBuilder _breaks = new();

    /// <summary>Whether the plain text read last ran over the end of its line, so that a key may follow.</summary>
    public bool PlainCrossedLine { get; private set; }

    /// <summary>Reads a text without quotation marks.</summary>
    /// <param name="inFlow">Whether it stands inside brackets.</param>
    /// <param name="indent">The least column of further lines outside brackets.</param>
    public YamlToken Plain(bool inFlow, int indent)
    {
        var start = source.Mark;
        var end = start;
        PlainCrossedLine = false;
        _value.Clear();
        var spaces = string.Empty;
        while (source.Peek() != '#')
        {
            var length = PlainLength(inFlow);
            if (length == 0)
            {
                break;
            }

            PlainCrossedLine = false;
            _value.Append(spaces).Append(source.Take(length));
            end = source.Mark;
            spaces = PlainSpaces();
            if (spaces.Length == 0 || source.Peek() == '#' || (!inFlow && source.Column < indent))
            {
                break;
            }
        }

        return new YamlToken(YamlTokenKind.Scalar, start, end, _value.ToString(), Plain: true);
    }

    /// <summary>Reads a text in quotation marks.</summary>
    public YamlToken Quoted()
    {
        var start = source.Mark;
        var quote = source.Peek();
        source.Skip();
        _value.Clear();
        QuotedCharacters(quote, start);
        while (source.Peek() != quote)
        {
            QuotedSpaces(start);
            QuotedCharacters(quote, start);
        }

        source.Skip();
        return new YamlToken(YamlTokenKind.Scalar, start, source.Mark, _value.ToString());
    }

    private int PlainLength(bool inFlow)
    {
        var length = 0;
        while (true)
        {
            var c = source.Peek(length);
            if (YamlCharacters.IsBlank(c) || (inFlow && c is (',' or '?' or '[' or ']' or '{' or '}')))
            {
                return length;
            }

            if (c == ':' && source.Peek(length + 1) is var next
                && (YamlCharacters.IsBlank(next) || (inFlow && next is (',' or '[' or ']' or '{' or '}'))))
            {
                return length;
            }

            length++;
        }
    }

    // What stands between two words: the blanks themselves, or for a line break a blank, or the empty lines. Nothing when the
    // text ends here because a document mark follows.
    private string PlainSpaces()
    {
        var length = 0;
        while (source.Peek(length) is ' ' or '\t')
        {
            length++;
        }

        var blanks = source.Take(length);
        var lineBreak = source.TakeBreak();
        if (lineBreak.Length == 0)
        {
            return blanks is " " ? " " : blanks.ToString();
        }

        PlainCrossedLine = true;
        _breaks.Clear();
        while (!source.AtDocumentMark && !source.AtDashes)
        {
            if (source.Peek() == ' ')
            {
                source.Skip();
            }
            else if (source.TakeBreak() is { Length: > 0 } further)
            {
                _breaks.Append(further);
            }
            else
            {
                return lineBreak != "\n" ? lineBreak + _breaks : _breaks.Length == 0 ? " " : _breaks.ToString();
            }
        }

        return string.Empty;
    }

    private void QuotedCharacters(char quote, YamlMark start)
    {
        while (true)
        {
            var length = 0;
            while (!YamlCharacters.IsBlank(source.Peek(length)) && source.Peek(length) is not ('\'' or '"' or '\\'))
            {
                length++;
            }

            _value.Append(source.Take(length));
            var c = source.Peek();
            if (quote == '\'' && c == '\'' && source.Peek(1) == '\'')
            {
                _value.Append('\'');
                source.Skip(2);
            }
            else if (c != quote && c is ('\'' or '"'))
            {
                _value.Append(c);
                source.Skip();
            }
            else if (c == '\\' && quote == '\'')
            {
                _value.Append(c);
                source.Skip();
            }
            else if (c == '\\')
            {
                source.Skip();
                Escape(start);
            }
            else
            {
                return;
            }
        }
    }

    private void Escape(YamlMark start)
    {
        var c = source.Peek();
        var digits = c switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0)
        {
            source.Skip();
            CodePoint(digits, start);
        }
        else if (Escaped(c) is { } value)
        {
            _value.Append(value);
            source.Skip();
        }
        else if (source.TakeBreak().Length > 0)
        {
            QuotedBreaks(start);
        }
        else
        {
            throw source.Error($"found unknown escape character {source.Shown()}", "while scanning a double-quoted scalar", start);
        }
    }

    private static char? Escaped(char c) => c switch
    {
        '0' => '\0',
        'a' => '\a',
        'b' => '\b',
        't' or '\t' => '\t',
        'n' => '\n',
        'v' => '\v',
        'f' => '\f',
        'r' => '\r',
        'e' => '\u001B',
        ' ' => ' ',
        '"' => '"',
        '\\' => '\\',
        'N' => '\u0085',
        '_' => '\u00A0',
        'L' => '\u2028',
        'P' => '\u2029',
        _ => null,
    };

    private void CodePoint(int digits, YamlMark start)
    {
        Span<char> hex = stackalloc char[digits];
        var count = 0;
        while (count < digits && source.Peek(count) is var c and not '\0')
        {
            hex[count++] = c;
        }

        hex = hex[..count];
        if (count < digits || hex.ContainsAnyExcept(HexDigits))
        {
            throw source.Error(
                string.Create(CultureInfo.InvariantCulture, $"expected escape sequence of {digits} hexadecimal numbers, but found: {hex}"),
                "while scanning a double-quoted scalar",
                start);
        }

        var code = uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (code > 0x10FFFF)
        {
            throw source.Error(
                string.Create(CultureInfo.InvariantCulture, $"Not a valid Unicode code point: 0x{code:X}"),
                "while scanning a double-quoted scalar",
                start);
        }

        if (code > char.MaxValue)
        {
            _value.Append(char.ConvertFromUtf32((int)code));
        }
        else
        {
            _value.Append((char)code);
        }

        source.Skip(digits);
    }

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private void QuotedSpaces(YamlMark start)
    {
        var length = 0;
        while (source.Peek(length) is ' ' or '\t')
        {
            length++;
        }

        var blanks = source.Take(length);
        if (source.Peek() == '\0')
        {
            throw source.Error("found unexpected end of stream", "while scanning a quoted scalar", start);
        }

        var lineBreak = source.TakeBreak();
        if (lineBreak.Length == 0)
        {
            _value.Append(blanks);
            return;
        }

        var before = _value.Length;
        QuotedBreaks(start);
        if (lineBreak != "\n")
        {
            _value.Insert(before, lineBreak);
        }
        else if (_value.Length == before)
        {
            _value.Append(' ');
        }
    }

    private void QuotedBreaks(YamlMark start)
    {
        while (true)
        {
            if (source.AtDocumentMark)
            {
                throw source.Error("found unexpected document separator", "while scanning a quoted scalar", start);
            }

            while (source.Peek() is ' ' or '\t')
            {
                source.Skip();
            }

            var lineBreak = source.TakeBreak();
            if (lineBreak.Length == 0)
            {
                return;
            }

            _value.Append(lineBreak);
        }
    }
}
