using System.Text;

namespace WfRunner.Core.Dig;

/// <summary>
/// The rules of names. Each check returns the broken rules in Digdag's words, ready to be printed as
/// <c>&lt;field&gt; &lt;text&gt;: "&lt;name&gt;"</c>. Digdag behaviour: dig-language 4.1 and 5.2.
/// </summary>
public static class NameRules
{
    /// <summary>The longest name of a workflow, project, task, revision or retry attempt, in UTF-16 units.</summary>
    public const int MaximumLength = 255;

    private const string SpecialFirstCharacters = "+^@/\\:*?\"<>|";
    private const string TaskNameSymbols = "_-=[]{}%&@`,.^";

    /// <summary>Checks the name of a workflow.</summary>
    /// <param name="name">The name, without <c>.dig</c>.</param>
    /// <returns>One line per broken rule.</returns>
    public static IEnumerable<string> CheckWorkflowName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            yield return "name must not be blank: \"\"";
            yield break;
        }

        if (name[0] is >= '0' and <= '9')
        {
            yield return $"name must not start with a numeric digit (0-9): \"{name}\"";
        }

        if (SpecialFirstCharacters.Contains(name[0], StringComparison.Ordinal))
        {
            yield return $"name must not include special symbols (+ ^ @ / \\ / : * ? \" < > |): \"{name}\"";
        }

        if (name.EndsWith(".dig", StringComparison.Ordinal))
        {
            yield return $"name must not end with .dig: \"{name}\"";
        }

        if (name.Length > MaximumLength)
        {
            yield return $"name must not be longer than {MaximumLength} characters: \"{name}\"";
        }
    }

    /// <summary>Checks the key of a task written at the top level of a file.</summary>
    /// <param name="name">The key with its leading <c>+</c>.</param>
    /// <returns>One line per broken rule.</returns>
    public static IEnumerable<string> CheckTopLevelTaskName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains('^', StringComparison.Ordinal))
        {
            yield return $"task name must not contain ^ character: \"{name}\"";
        }

        foreach (var broken in CheckTaskName(name, "task name"))
        {
            yield return broken;
        }
    }

    /// <summary>Checks the own name of a task.</summary>
    /// <param name="name">The name with its leading <c>+</c> or <c>^</c>.</param>
    /// <param name="field">How messages call it: <c>name</c> or <c>task name</c>.</param>
    /// <returns>One line per broken rule.</returns>
    public static IEnumerable<string> CheckTaskName(string name, string field = "name")
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            yield return $"{field} must not be blank: \"\"";
            yield break;
        }

        if (name[0] is not ('+' or '^'))
        {
            yield return $"{field} must start with '+' or '^': \"{name}\"";
        }

        if (FirstForbidden(name) is { } c)
        {
            yield return $"{field} must not contain character '{c}': \"{name}\"";
        }

        if (name.Length > MaximumLength)
        {
            yield return $"{field} must not be longer than {MaximumLength} characters: \"{name}\"";
        }
    }

    private static Rune? FirstForbidden(string name)
    {
        foreach (var rune in name[1..].EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) || !rune.IsAscii)
            {
                if (!rune.IsAscii || !TaskNameSymbols.Contains((char)rune.Value, StringComparison.Ordinal))
                {
                    return rune;
                }
            }
        }

        return null;
    }
}
