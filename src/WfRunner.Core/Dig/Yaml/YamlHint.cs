namespace WfRunner.Core.Dig.Yaml;

/// <summary>Advice for the syntax errors that people make in .dig files, judged by the line the error stands in.</summary>
internal static class YamlHint
{
    /// <summary>The advice in parentheses, or nothing.</summary>
    /// <param name="line">The line.</param>
    public static string For(ReadOnlySpan<char> line)
    {
        if (line.TrimStart(' ').StartsWith("\t"))
        {
            return " (the line is indented with a TAB; use spaces)";
        }

        var brace = line.IndexOfAny('{', '[');
        if (brace >= 0 && line.Contains("${", StringComparison.Ordinal) && !line[..brace].Contains('$'))
        {
            return " (inside { } and [ ], put ${...} in quotation marks)";
        }

        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 && line[(colon + 1)..].Contains(": ", StringComparison.Ordinal)
            ? " (a text that holds \": \" must stand in quotation marks)"
            : string.Empty;
    }
}
