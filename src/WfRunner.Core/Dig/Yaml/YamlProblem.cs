using YamlDotNet.Core;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Words a YAML syntax error so that the person who wrote the line knows what to do about it.</summary>
internal static class YamlProblem
{
    public static string Explain(YamlException e, string text)
    {
        var line = Line(text, (int)e.Start.Line);
        var message = e.Message;

        // YamlDotNet puts the place in front of the message; places are printed by whoever shows the error.
        var behindPlace = message.IndexOf("): ", StringComparison.Ordinal);
        if (message.StartsWith("(Line", StringComparison.Ordinal) && behindPlace >= 0)
        {
            message = message[(behindPlace + 3)..];
        }

        return message + Hint(line);
    }

    private static string Hint(string line)
    {
        if (line.Contains('\t', StringComparison.Ordinal) && line.TrimStart(' ').StartsWith('\t'))
        {
            return " (the line is indented with a TAB; use spaces)";
        }

        if (line.Contains("${", StringComparison.Ordinal) && line.AsSpan().IndexOfAny('{', '[') >= 0
            && line.IndexOf('{', StringComparison.Ordinal) is var brace && line.AsSpan(0, brace).IndexOf('$') < 0)
        {
            return " (inside { } and [ ], put ${...} in quotation marks)";
        }

        return line.IndexOf(": ", StringComparison.Ordinal) is var first and >= 0
            && line.IndexOf(": ", first + 1, StringComparison.Ordinal) >= 0
            ? " (a text that holds \": \" must stand in quotation marks)"
            : string.Empty;
    }

    private static string Line(string text, int number)
    {
        var lines = text.Split('\n');
        return number >= 1 && number <= lines.Length ? lines[number - 1].TrimEnd('\r') : string.Empty;
    }
}
