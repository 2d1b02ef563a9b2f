using System.Text;

namespace WfRunner.Core.Templates;

/// <summary>
/// A text taken apart into literal parts and expressions. Digdag behaviour: the grammar of dig-language 10.2: braces are counted,
/// <c>${word:…}</c> is left alone, an unfinished expression is literal, <c>$$</c> in literal parts becomes <c>$</c>.
/// </summary>
internal sealed class TemplateText
{
    // Literal texts; between the first and the second stands the first expression, and so on.
    private readonly string[] _literals;

    private TemplateText(List<string> literals, List<string> expressions, bool isUnfinished)
    {
        _literals = [.. literals];
        Expressions = expressions;
        IsUnfinished = isUnfinished;
    }

    /// <summary>The expressions from left to right; none is empty.</summary>
    public IReadOnlyList<string> Expressions { get; }

    /// <summary>Whether the last literal part holds a <c>${</c> that nothing closes.</summary>
    public bool IsUnfinished { get; }

    public static TemplateText Parse(string text)
    {
        var literals = new List<string>();
        var expressions = new List<string>();
        var literal = new StringBuilder();
        var at = 0;
        while (NextExpression(text, at) is var (start, end))
        {
            AppendLiteral(literal, text.AsSpan(at, start - at));
            if (end > start + 2)
            {
                literals.Add(literal.ToString());
                literal.Clear();
                expressions.Add(text[(start + 2)..end]);
            }

            at = end + 1;
        }

        AppendLiteral(literal, text.AsSpan(at));
        literals.Add(literal.ToString());
        return new TemplateText(literals, expressions, NextStart(text, at) >= 0);
    }

    /// <summary>The text with a value in the place of each expression.</summary>
    public string Fill(IReadOnlyList<string> values)
    {
        if (_literals is ["", ""])
        {
            return values[0];
        }

        var builder = new StringBuilder(_literals[0]);
        for (var i = 0; i < values.Count; i++)
        {
            builder.Append(values[i]).Append(_literals[i + 1]);
        }

        return builder.ToString();
    }

    // "$$" becomes "$", from left to right.
    private static void AppendLiteral(StringBuilder builder, ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf("$$", StringComparison.Ordinal); at >= 0; at = text.IndexOf("$$", StringComparison.Ordinal))
        {
            builder.Append(text[..(at + 1)]);
            text = text[(at + 2)..];
        }

        builder.Append(text);
    }

    // Start of "${" and place of the brace that ends it; null when there is none. Unfinished: the whole rest is literal.
    private static (int Start, int End)? NextExpression(string text, int from) =>
        NextStart(text, from) is var start and >= 0 && EndOf(text, start + 2) is { } end ? (start, end) : null;

    private static int NextStart(string text, int from)
    {
        var start = text.IndexOf("${", from, StringComparison.Ordinal);
        while (start >= 0 && IsLeftAlone(text, start + 2))
        {
            start = text.IndexOf("${", start + 1, StringComparison.Ordinal);
        }

        return start;
    }

    private static int? EndOf(string text, int from)
    {
        var depth = 0;
        for (var i = text.AsSpan(from).IndexOfAny('{', '}') is var first and >= 0 ? from + first : text.Length; i < text.Length; i++)
        {
            if (text[i] == '{')
            {
                depth++;
            }
            else if (text[i] == '}' && depth-- == 0)
            {
                return i;
            }
        }

        return null;
    }

    // ${secret:…}: lower-case letters and a colon
    private static bool IsLeftAlone(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetterLower(text[end]))
        {
            end++;
        }

        return end > at && end < text.Length && text[end] == ':';
    }
}
