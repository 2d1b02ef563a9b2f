namespace WfRunner.Core.Dig.Yaml;

/// <summary>A YAML text that is read from front to back, counting lines and columns, and that places errors in it.</summary>
internal sealed class YamlSource(string text, string file)
{
    /// <summary>UTF-16 units before the next character.</summary>
    public int Index { get; private set; }

    /// <summary>Line of the next character, from 0.</summary>
    public int Line { get; private set; }

    /// <summary>Column of the next character, from 0.</summary>
    public int Column { get; private set; }

    /// <summary>The position of the next character.</summary>
    public YamlMark Mark => new(Index, Line, Column);

    /// <summary>A character ahead; <c>'\0'</c> behind the end.</summary>
    public char Peek(int ahead = 0)
    {
        var at = Index + ahead;
        return (uint)at < (uint)text.Length ? text[at] : '\0';
    }

    /// <summary>Whether the next line is <c>---</c> or <c>...</c>, alone or before a blank.</summary>
    public bool AtDocumentMark => Peek() is '-' or '.' && Peek(1) == Peek() && Peek(2) == Peek() && YamlCharacters.IsBlank(Peek(3));

    /// <summary>Whether <c>---</c> comes next, whatever follows it: enough to end a plain text.</summary>
    public bool AtDashes => Peek() == '-' && Peek(1) == '-' && Peek(2) == '-';

    /// <summary>Goes on within a line.</summary>
    /// <param name="count">Characters, none of them a line break.</param>
    public void Skip(int count = 1)
    {
        Index += count;
        Column += count;
    }

    /// <summary>Takes characters of the line.</summary>
    /// <param name="count">How many, none of them a line break.</param>
    public ReadOnlySpan<char> Take(int count)
    {
        var taken = text.AsSpan(Index, count);
        Skip(count);
        return taken;
    }

    /// <summary>Takes a line break if there is one.</summary>
    /// <returns>What stands for it in a value, empty if there is none.</returns>
    public string TakeBreak()
    {
        var c = Peek();
        if (!YamlCharacters.IsBreak(c))
        {
            return string.Empty;
        }

        Index += c == '\r' && Peek(1) == '\n' ? 2 : 1;
        Line++;
        Column = 0;
        return c switch
        {
            '\u2028' => "\u2028",
            '\u2029' => "\u2029",
            _ => "\n",
        };
    }

    /// <summary>Skips to the end of the line.</summary>
    public void SkipLine()
    {
        while (!YamlCharacters.IsBreakOrEnd(Peek()))
        {
            Skip();
        }
    }

    /// <summary>The next character as messages show it: itself and its number.</summary>
    public string Shown()
    {
        var code = Index < text.Length ? char.ConvertToUtf32(text, Index) : 0;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(code == 0 ? "\0" : char.ConvertFromUtf32(code))}({code})");
    }

    /// <summary>The place between two positions.</summary>
    public SourceSpan Span(YamlMark start, YamlMark end) => new(file, start.Line + 1, start.Column + 1, end.Line + 1, end.Column + 1);

    /// <summary>An error of the scanner at the next character.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="context">What was being read, for example <c>while scanning a tag</c>.</param>
    /// <param name="contextStart">Where that began.</param>
    public WorkflowException Error(string problem, string? context = null, YamlMark? contextStart = null) =>
        Error(FailureKind.Scanner, problem, Mark, Mark with { Column = Column + 1 }, context, contextStart);

    /// <summary>An error at a place.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="start">Where.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="context">What was being read.</param>
    /// <param name="contextStart">Where that began.</param>
    public WorkflowException Error(
        FailureKind kind, string problem, YamlMark start, YamlMark end, string? context = null, YamlMark? contextStart = null)
    {
        var message = problem + YamlHint.For(LineAt(start));
        if (context is not null)
        {
            var since = contextStart is { } begun && begun.Line != start.Line
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" that starts at line {begun.Line + 1}, column {begun.Column + 1}")
                : string.Empty;
            message += $" ({context}{since})";
        }

        return new WorkflowException(kind, message, Span(start, end));
    }

    private ReadOnlySpan<char> LineAt(YamlMark mark)
    {
        var start = Math.Min(mark.Index, text.Length) - mark.Column;
        var line = text.AsSpan(Math.Clamp(start, 0, text.Length));
        var end = line.IndexOfAny("\n\r\u0085\u2028\u2029");
        return end < 0 ? line : line[..end];
    }
}
