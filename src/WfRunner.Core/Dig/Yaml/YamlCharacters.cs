namespace WfRunner.Core.Dig.Yaml;

/// <summary>Classes of characters as YAML 1.1 names them. <c>'\0'</c> stands for the end of the text.</summary>
internal static class YamlCharacters
{
    /// <summary>A line break: YAML 1.1 counts NEL, LS and PS too.</summary>
    public static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>A line break or the end.</summary>
    public static bool IsBreakOrEnd(char c) => c == '\0' || IsBreak(c);

    /// <summary>A space, a line break or the end.</summary>
    public static bool IsSpaceOrBreak(char c) => c == ' ' || IsBreakOrEnd(c);

    /// <summary>A space, a TAB, a line break or the end.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t' || IsBreakOrEnd(c);

    /// <summary>What names of anchors, directives and tag handles are made of.</summary>
    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    /// <summary>What tags are made of.</summary>
    public static bool IsUri(char c) => IsWord(c) || (c != '\0' && ";/?:@&=+$,.!~*'()[]%".Contains(c, StringComparison.Ordinal));
}
