using System.Globalization;

namespace WfRunner.Core.Dig;

/// <summary>
/// Names one task of a compiled workflow by the end of its full name, as <c>run wf +load</c> and <c>--start +load</c> do. Digdag
/// behaviour: dig-language 13.4.
/// </summary>
public sealed class TaskPattern
{
    private const string NameSymbols = "-=[]{}%&@,._";

    private readonly string _pattern;

    private TaskPattern(string pattern) => _pattern = pattern;

    /// <summary>Checks the form of a pattern.</summary>
    /// <param name="pattern">What the user wrote.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="WorkflowException">A part of it has a single character, or there is no part at all.</exception>
    public static TaskPattern Parse(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var fragments = Fragments(pattern).ToList();
        if (fragments.Count == 0)
        {
            throw new WorkflowException(FailureKind.InvalidPattern, $"Task match pattern is invalid: {pattern}");
        }

        return fragments.TrueForAll(f => f.Length > 1)
            ? new TaskPattern(pattern)
            : throw new WorkflowException(
                FailureKind.Syntax, $"Match patterns excepting direct child (+name+name) is not supported: {pattern}");
    }

    /// <summary>Finds the one task that the pattern names.</summary>
    /// <param name="tasks">A compiled workflow.</param>
    /// <returns>The task.</returns>
    /// <exception cref="WorkflowException">No task matches, or more than one does.</exception>
    public CompiledTask FindIn(IReadOnlyList<CompiledTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var matches = tasks.Where(t => t.FullName.EndsWith(_pattern, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw new WorkflowException(FailureKind.NoMatch, $"Task pattern '{_pattern}' doesn't match with any tasks."),
            _ => throw new WorkflowException(
                FailureKind.MultipleTaskMatch,
                $"Task pattern '{_pattern}' is ambiguous. Matching candidates are [{string.Join(", ", matches.Select(m => m.FullName))}]"),
        };
    }

    // Cut before every character that is neither a word character nor one that names may hold.
    private static IEnumerable<string> Fragments(string pattern)
    {
        var start = 0;
        for (var i = 1; i <= pattern.Length; i++)
        {
            if (i == pattern.Length || !IsNameCharacter(pattern[i]))
            {
                yield return pattern[start..i];
                start = i;
            }
        }
    }

    private static bool IsNameCharacter(char c) =>
        char.IsLetterOrDigit(c)
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark
        || NameSymbols.Contains(c, StringComparison.Ordinal);
}
