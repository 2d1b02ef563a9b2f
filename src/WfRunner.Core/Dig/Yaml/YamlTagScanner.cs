using System.Globalization;
using System.Text;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Reads what describes values: anchors, aliases, tags and directives.</summary>
internal sealed class YamlTagScanner(YamlSource source)
{
    /// <summary>Reads <c>&amp;name</c> or <c>*name</c>.</summary>
    public YamlToken AnchorOrAlias()
    {
        var start = source.Mark;
        var alias = source.Peek() == '*';
        var context = alias ? "while scanning an alias" : "while scanning an anchor";
        source.Skip();
        var name = Word().ToString();
        if (name.Length == 0 || !(YamlCharacters.IsBlank(source.Peek()) || "?:,]}%@`".Contains(source.Peek(), StringComparison.Ordinal)))
        {
            throw source.Error($"expected alphabetic or numeric character, but found {source.Shown()}", context, start);
        }

        return new YamlToken(alias ? YamlTokenKind.Alias : YamlTokenKind.Anchor, start, source.Mark, name);
    }

    /// <summary>Reads a tag: <c>!suffix</c>, <c>!handle!suffix</c>, <c>!&lt;verbatim&gt;</c> or <c>!</c> alone.</summary>
    public YamlToken Tag()
    {
        var start = source.Mark;
        string? handle = null;
        string suffix;
        if (source.Peek(1) == '<')
        {
            source.Skip(2);
            suffix = Uri("tag", start);
            if (source.Peek() != '>')
            {
                throw source.Error($"expected '>', but found {Quoted()}", "while scanning a tag", start);
            }

            source.Skip();
        }
        else if (YamlCharacters.IsBlank(source.Peek(1)))
        {
            suffix = "!";
            source.Skip();
        }
        else
        {
            handle = "!";
            if (HoldsSecondMark())
            {
                handle = Handle("tag", start);
            }
            else
            {
                source.Skip();
            }

            suffix = Uri("tag", start);
        }

        return YamlCharacters.IsSpaceOrBreak(source.Peek())
            ? new YamlToken(YamlTokenKind.Tag, start, source.Mark, suffix, handle)
            : throw source.Error($"expected ' ', but found {Quoted()}", "while scanning a tag", start);
    }

    /// <summary>Reads a line that starts with <c>%</c>.</summary>
    public YamlToken Directive()
    {
        var start = source.Mark;
        source.Skip();
        var name = Word().ToString();
        if (name.Length == 0 || !YamlCharacters.IsSpaceOrBreak(source.Peek()))
        {
            throw source.Error($"expected alphabetic or numeric character, but found {source.Shown()}", "while scanning a directive", start);
        }

        var detail = string.Empty;
        var end = source.Mark;
        switch (name)
        {
            case "YAML":
                detail = Version(start);
                end = source.Mark;
                break;
            case "TAG":
                SkipSpaces();
                detail = Handle("directive", start);
                ExpectSpace(start);
                SkipSpaces();
                detail += " " + Uri("directive", start);
                ExpectSpaceOrBreak(start);
                end = source.Mark;
                break;
            default:
                source.SkipLine();
                break;
        }

        RestOfLine(start);
        return new YamlToken(YamlTokenKind.Directive, start, end, name, detail);
    }

    private bool HoldsSecondMark()
    {
        for (var length = 1; !YamlCharacters.IsSpaceOrBreak(source.Peek(length)); length++)
        {
            if (source.Peek(length) == '!')
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<char> Word()
    {
        var length = 0;
        while (YamlCharacters.IsWord(source.Peek(length)))
        {
            length++;
        }

        return source.Take(length);
    }

    private string Handle(string what, YamlMark start)
    {
        if (source.Peek() != '!')
        {
            throw source.Error($"expected '!', but found {source.Shown()}", $"while scanning a {what}", start);
        }

        var length = 1;
        if (source.Peek(1) != ' ')
        {
            while (YamlCharacters.IsWord(source.Peek(length)))
            {
                length++;
            }

            if (source.Peek(length) != '!')
            {
                source.Skip(length);
                throw source.Error($"expected '!', but found {source.Shown()}", $"while scanning a {what}", start);
            }

            length++;
        }

        return source.Take(length).ToString();
    }

    private string Uri(string what, YamlMark start)
    {
        var text = new StringBuilder();
        while (YamlCharacters.IsUri(source.Peek()))
        {
            if (source.Peek() == '%')
            {
                text.Append(PercentEncoded(what, start));
            }
            else
            {
                text.Append(source.Take(1));
            }
        }

        return text.Length > 0
            ? text.ToString()
            : throw source.Error($"expected URI, but found {source.Shown()}", $"while scanning a {what}", start);
    }

    private string PercentEncoded(string what, YamlMark start)
    {
        var bytes = new List<byte>();
        while (source.Peek() == '%')
        {
            source.Skip();
            if (!char.IsAsciiHexDigit(source.Peek()) || !char.IsAsciiHexDigit(source.Peek(1)))
            {
                throw source.Error(
                    $"expected URI escape sequence of 2 hexadecimal numbers, but found {source.Shown()}", $"while scanning a {what}", start);
            }

            bytes.Add(byte.Parse(source.Take(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private string Version(YamlMark start)
    {
        SkipSpaces();
        var major = Number(start);
        if (source.Peek() != '.')
        {
            throw source.Error($"expected a digit or '.', but found {source.Shown()}", "while scanning a directive", start);
        }

        source.Skip();
        var minor = Number(start);
        return YamlCharacters.IsSpaceOrBreak(source.Peek())
            ? $"{major}.{minor}"
            : throw source.Error($"expected a digit or ' ', but found {source.Shown()}", "while scanning a directive", start);
    }

    private string Number(YamlMark start)
    {
        var length = 0;
        while (char.IsAsciiDigit(source.Peek(length)))
        {
            length++;
        }

        return length > 0
            ? source.Take(length).ToString()
            : throw source.Error($"expected a digit, but found {source.Shown()}", "while scanning a directive", start);
    }

    private void RestOfLine(YamlMark start)
    {
        SkipSpaces();
        if (source.Peek() == '#')
        {
            source.SkipLine();
        }

        if (source.Peek() != '\0' && source.TakeBreak().Length == 0)
        {
            throw source.Error($"expected a comment or a line break, but found {source.Shown()}", "while scanning a directive", start);
        }
    }

    private void SkipSpaces()
    {
        while (source.Peek() == ' ')
        {
            source.Skip();
        }
    }

    private void ExpectSpace(YamlMark start)
    {
        if (source.Peek() != ' ')
        {
            throw source.Error($"expected ' ', but found {source.Shown()}", "while scanning a directive", start);
        }
    }

    private void ExpectSpaceOrBreak(YamlMark start)
    {
        if (!YamlCharacters.IsSpaceOrBreak(source.Peek()))
        {
            throw source.Error($"expected ' ', but found {source.Shown()}", "while scanning a directive", start);
        }
    }

    private string Quoted() => $"'{source.Peek()}' ({((int)source.Peek()).ToString(CultureInfo.InvariantCulture)})";
}
