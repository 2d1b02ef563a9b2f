namespace WfRunner.Core;

/// <summary>
/// The place in a source file that a value or key was read from, so that every message can say <c>file:line:column</c>.
/// Lines and columns count from 1; columns count UTF-16 units; the end is exclusive.
/// </summary>
/// <param name="File">The path as the user would write it, usually relative to the project directory.</param>
/// <param name="Line">First line, from 1.</param>
/// <param name="Column">First column, from 1.</param>
/// <param name="EndLine">Line of the end, from 1.</param>
/// <param name="EndColumn">Column just behind the last character, from 1.</param>
public sealed record SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>The first character alone.</summary>
    public SourceSpan Start => this with { EndLine = Line, EndColumn = Column + 1 };

    /// <summary>The start as editors and terminals link it: <c>file:line:column</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
