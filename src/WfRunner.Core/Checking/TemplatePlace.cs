using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Checking;

/// <summary>Finds where in a file an expression stands. Quoted and folded texts differ from their source, so the source is searched.</summary>
internal static class TemplatePlace
{
    /// <summary>Place of an expression in a text of a .dig file; the whole text's place when it cannot be found.</summary>
    /// <param name="session">Gives the source.</param>
    /// <param name="value">The text.</param>
    /// <param name="names">Its expressions.</param>
    /// <param name="expression">Number of the expression; one behind the last means what is unfinished.</param>
    public static SourceSpan? Of(CheckSession session, ConfigText value, TemplateNames names, int expression)
    {
        if (value.Span is not { } span || session.TextOf(span.File) is not { } source)
        {
            return value.Span;
        }

        var start = Index(source, span.Line, span.Column);
        var end = Index(source, span.EndLine, span.EndColumn);
        return Find(span.File, source, start, end, names, expression) ?? span;
    }

    /// <summary>Place of an expression in a file that is a template as a whole.</summary>
    /// <param name="file">How places call the file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="names">Its expressions.</param>
    /// <param name="expression">Number of the expression.</param>
    public static SourceSpan InFile(string file, string text, TemplateNames names, int expression) =>
        Find(file, text, 0, text.Length, names, expression) ?? new SourceSpan(file, 1, 1, 1, 1);

    /// <summary>Place of a piece of a text as it is written; the whole text's place when it cannot be found.</summary>
    /// <param name="session">Gives the source.</param>
    /// <param name="value">The text.</param>
    /// <param name="words">The piece.</param>
    public static SourceSpan? OfWords(CheckSession session, ConfigText value, string words)
    {
        if (value.Span is not { } span || session.TextOf(span.File) is not { } source)
        {
            return value.Span;
        }

        var start = Index(source, span.Line, span.Column);
        var at = source.IndexOf(words, start, Index(source, span.EndLine, span.EndColumn) - start, StringComparison.Ordinal);
        return at < 0 ? span : SpanAt(span.File, source, at, words.Length);
    }

    /// <summary>What a source says at a place.</summary>
    /// <param name="source">The source.</param>
    /// <param name="span">The place.</param>
    public static ReadOnlySpan<char> Slice(string source, SourceSpan span)
    {
        var start = Index(source, span.Line, span.Column);
        return source.AsSpan(start, Math.Max(0, Index(source, span.EndLine, span.EndColumn) - start));
    }

    private static SourceSpan SpanAt(string file, string source, int at, int length)
    {
        var (line, column) = LineAndColumn(source, at);
        var (endLine, endColumn) = LineAndColumn(source, at + length);
        return new SourceSpan(file, line, column, endLine, endColumn);
    }

    private static SourceSpan? Find(string file, string source, int start, int end, TemplateNames names, int expression)
    {
        if (expression == names.Expressions.Count)
        {
            var unfinished = source.LastIndexOf("${", end - 1, end - start, StringComparison.Ordinal);
            return unfinished < 0 ? null : SpanAt(file, source, unfinished, 2);
        }

        var at = start;
        for (var i = 0; i <= expression; i++)
        {
            var searched = "${" + names.Expressions[i] + "}";
            at = source.IndexOf(searched, at, end - at, StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }

            if (i == expression)
            {
                return SpanAt(file, source, at, searched.Length);
            }

            at += searched.Length;
        }

        return null;
    }

    private static int Index(string source, int line, int column)
    {
        var at = 0;
        for (var i = 1; i < line && at < source.Length; i++)
        {
            var next = source.IndexOf('\n', at);
            at = next < 0 ? source.Length : next + 1;
        }

        return Math.Min(source.Length, at + column - 1);
    }

    private static (int Line, int Column) LineAndColumn(string source, int index)
    {
        var before = source.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
