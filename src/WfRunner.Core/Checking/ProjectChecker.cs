using WfRunner.Core.Checking.Rules;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking;

/// <summary>
/// Finds what is wrong with a project, all of it in one go: what Digdag refuses, and what it accepts although it will fail or
/// surprise when it runs. Pure but for the files it is given; the same request always gives the same report.
/// </summary>
public static class ProjectChecker
{
    /// <summary>Checks a project.</summary>
    /// <param name="request">The project.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The report.</returns>
    public static CheckReport Check(CheckRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var session = new CheckSession(request);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        Parallel.ForEach(request.WorkflowFiles, parallel, path => session.File(path));
        var workflows = request.WorkflowFiles.Select(session.File).ToList();
        var calls = new CallGraph(session, workflows);
        IFileRule[] rules =
        [
            new OperatorRule(calls), new FileRule(), new ScriptRule(), new ReferenceRule(calls), new VariableRule(calls), new SettingRule(), new SecretRule(),
            new ScheduleRule(), new LimitRule(), new NumberRule(), new TriggerRule(), new AvailabilityRule(calls), new ContainerRule(calls),
            new MailRule(calls), new HostedLimitRule(), new NameRule(),
        ];
        Parallel.ForEach(calls.Files, parallel, file =>
        {
            foreach (var rule in rules)
            {
                rule.Check(session, file);
            }
        });
        SizeRule.Check(session);
        NameRule.CheckProject(session);
        var reports = new CheckedWorkflow[workflows.Count];
        Parallel.For(0, workflows.Count, parallel, i => reports[i] = Describe(session, workflows[i]));
        // The same include or called file may be read for several workflows: what is found in it is told once.
        var findings = session.Findings.DistinctBy(d => (d.Rule, d.Span, d.Message)).Select(d => d with { Targets = [request.Target] });
        return new CheckReport(reports, [.. Ordered(findings)]);
    }

    private static CheckedWorkflow Describe(CheckSession session, CheckedFile file) => new(
        file.Name, session.Request.Files.DisplayName(file.Path), file.Definition, file.Compiled, ScheduleRule.NextRuns(session, file));

    internal static IEnumerable<Diagnostic> Ordered(IEnumerable<Diagnostic> findings) => findings
        .OrderBy(d => d.Span?.File ?? string.Empty, StringComparer.Ordinal)
        .ThenBy(d => d.Span?.Line ?? 0)
        .ThenBy(d => d.Span?.Column ?? 0)
        .ThenBy(d => d.Rule.Code, StringComparer.Ordinal)
        .ThenBy(d => d.Message, StringComparer.Ordinal);
}
