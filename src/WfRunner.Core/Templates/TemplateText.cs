namespace WfRunner.Core.Templates;

/// <summary>
/// A text taken apart into literal parts and expressions. Digdag behaviour: the grammar of dig-language 10.2: braces are counted,
/// <c>${word:…}</c> is left alone, an unfinished expression is literal, <c>$$</c> in literal parts becomes <c>$</c>.
/// </summary>
internal sealed class TemplateText
{
    private TemplateText(IReadOnlyList<Part> parts) => Parts = parts;

    public IReadOnlyList<Part> Parts { get; }

    public bool HasExpressions => Parts.Any(p => p.IsExpression);

    public static TemplateText Parse(string text)
    {
        var parts = new List<Part>();
        var at = 0;
        while (NextExpression(text, at) is var (start, end))
        {
            AddLiteral(parts, text[at..start]);
            if (end > start + 2)
            {
                parts.Add(new Part(text[(start + 2)..end], IsExpression: true));
            }

            at = end + 1;
        }

        AddLiteral(parts, text[at..]);
        return new TemplateText(parts);
    }

    private static void AddLiteral(List<Part> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new Part(text.Replace("$$", "$", StringComparison.Ordinal), IsExpression: false));
        }
    }

    // Start of "${" and place of the brace that ends it; null when there is none.
    private static (int Start, int End)? NextExpression(string text, int from)
    {
        for (var start = text.IndexOf("${", from, StringComparison.Ordinal); start >= 0; start = text.IndexOf("${", start + 1, StringComparison.Ordinal))
        {
            if (IsLeftAlone(text, start + 2))
            {
                continue;
            }

            var depth = 0;
            for (var i = start + 2; i < text.Length; i++)
            {
                if (text[i] == '{')
                {
                    depth++;
                }
                else if (text[i] == '}' && depth-- == 0)
                {
                    return (start, i);
                }
            }

            // Unfinished: the whole rest is literal.
            return null;
        }

        return null;
    }

    // ${secret:…}: lower-case letters and a colon
    private static bool IsLeftAlone(string text, int at)
    {
        var i = at;
        while (i < text.Length && text[i] is >= 'a' and <= 'z')
        {
            i++;
        }

        return i > at && i < text.Length && text[i] == ':';
    }

    internal readonly record struct Part(string Text, bool IsExpression);
}
