using System.Diagnostics.CodeAnalysis;

namespace WfRunner.Core;

/// <summary>The words for targets, as options and findings write them.</summary>
public static class TargetWord
{
    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = ["td", "digdag", "wf"];

    /// <summary>The word for a target.</summary>
    /// <param name="target">The target.</param>
    /// <returns>The word.</returns>
    public static string Of(Target target) => target switch
    {
        Target.Td => "td",
        Target.Digdag => "digdag",
        _ => "wf",
    };

    /// <summary>Reads a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="target">The target.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string word, [NotNullWhen(true)] out Target? target)
    {
        target = word switch
        {
            "td" => Target.Td,
            "digdag" => Target.Digdag,
            "wf" => Target.Wf,
            _ => null,
        };
        return target is not null;
    }
}
