using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;
using WfRunner.Core.Hosted;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Compares names of workflows and of the project with what the hosted service allows.</summary>
internal sealed class NameRule : IFileRule
{
    /// <summary>Checks the project's name, if it is known.</summary>
    /// <param name="session">The name.</param>
    public static void CheckProject(CheckSession session)
    {
        if (session.Request.ProjectName is not { } name)
        {
            return;
        }

        if (NameRules.CheckWorkflowName(name).FirstOrDefault() is { } broken)
        {
            session.Report(new Diagnostic(TargetRules.RefusedName, null, "project " + broken) { Severity = DiagnosticSeverity.Error });
        }
        else
        {
            CheckHosted(session, "project", name, null);
        }
    }

    // Digdag's own rule for workflows is told with the file.
    public void Check(CheckSession session, CheckedFile file)
    {
        if (session.Request.WorkflowFiles.Contains(file.Path) && !NameRules.CheckWorkflowName(file.Name).Any())
        {
            CheckHosted(session, "workflow", file.Name, file.Definition?.Config.Span?.Start ?? new SourceSpan(session.Request.Files.DisplayName(file.Path), 1, 1, 1, 1));
        }
    }

    private static void CheckHosted(CheckSession session, string what, string name, SourceSpan? span)
    {
        var service = HostedService.Known;
        if (session.Target == Target.Digdag || name.Where(service.ForbiddenInNames.Contains).Distinct().ToList() is not { Count: > 0 } forbidden)
        {
            return;
        }

        var isDoubtful = forbidden.TrueForAll(service.DoubtfulInNames.Contains);
        var shown = string.Join(' ', forbidden.Select(c => c == ' ' ? "blanks" : c.ToString()));
        session.Report(
            TargetRules.RefusedName,
            isDoubtful ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
            span,
            isDoubtful
                ? $"the hosted service may refuse the name of the {what} '{name}' because of {shown}"
                : $"the hosted service refuses the name of the {what} '{name}' because of {shown}");
    }
}
