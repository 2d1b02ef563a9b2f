using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Dig;

/// <summary>Something wrong in a definition, found while compiling it.</summary>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Kind">Kind of the failure it causes.</param>
/// <param name="Message">What is wrong, in Digdag's words where it has some.</param>
/// <param name="Span">Where; null when the definition did not come from a file.</param>
public sealed record DigProblem(DiagnosticRule Rule, FailureKind Kind, string Message, SourceSpan? Span)
{
    /// <summary>What to do, when that is more than the rule's own advice.</summary>
    public string? Advice { get; init; }

    /// <summary>Of <see cref="DiagnosticRules.UnknownGroupKey"/>, the keys of the group that mean nothing; else empty.</summary>
    public IReadOnlyList<ConfigEntry> UnknownKeys { get; init; } = [];

    /// <summary>The failure to throw for this problem.</summary>
    /// <returns>An exception with the same kind, message and place.</returns>
    public WorkflowException ToException() => Kind == FailureKind.Config
        ? new ConfigException(Message, Span) { Rule = Rule, Advice = Advice }
        : new WorkflowException(Kind, Message, Span) { Rule = Rule, Advice = Advice };

    /// <summary>The findings for people: one for each unknown key, else one.</summary>
    /// <returns>The findings.</returns>
    public IEnumerable<Diagnostic> ToDiagnostics() => UnknownKeys.Count == 0
        ? [Diagnostic.Of(ToException())]
        : UnknownKeys.Select(key => new Diagnostic(
            Rule, key.KeySpan ?? Span, $"unknown key '{key.Key}' in a group of tasks", UnknownKeyAdvice.ForGroup(key) ?? Rule.Advice));
}
