
namespace WfRunner.Core.Diagnostics;

/// <summary>How serious a finding is for each target; null where it is nothing to tell.</summary>
/// <param name="Td">For the hosted service.</param>
/// <param name="Digdag">For Digdag.</param>
/// <param name="Wf">For this program and its server.</param>
public sealed record TargetSeverities(DiagnosticSeverity? Td, DiagnosticSeverity? Digdag, DiagnosticSeverity? Wf)
{
    /// <summary>How serious it is for a target.</summary>
    /// <param name="target">The target.</param>
    /// <returns>The severity or null.</returns>
    public DiagnosticSeverity? For(Target target) => target switch
    {
        Target.Td => Td,
        Target.Digdag => Digdag,
        _ => Wf,
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        (Target Target, DiagnosticSeverity? Severity)[] all = [(Target.Td, Td), (Target.Digdag, Digdag), (Target.Wf, Wf)];
        return all.All(s => s.Severity == Td)
            ? Word(Td!.Value)
            : string.Join(", ", all.Where(s => s.Severity is not null)
                .GroupBy(s => s.Severity!.Value, s => TargetWord.Of(s.Target))
                .OrderByDescending(g => g.Key)
                .Select(g => $"{Word(g.Key)} for {string.Join(" and ", g)}"));
    }

    private static string Word(DiagnosticSeverity severity) => severity.ToString().ToLowerInvariant();
}
