using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks at what stands at the top of workflow files beyond Digdag's keys: <c>trigger:</c>, and what the target may know.</summary>
internal sealed class TriggerRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        if (file.Definition is not { } definition || !session.Dialect.KnowsTrigger)
        {
            return;
        }

        if (session.Dialect.KeepsUnknownKeys)
        {
            foreach (var entry in definition.UnknownKeys)
            {
                Unknown(session, entry, $"Workflow '{file.Name}' includes the unknown key '{entry.Key}'", DigFile.AdviceForUnknown(entry));
            }
        }

        if (definition.Trigger is not { } trigger || !session.Request.WorkflowFiles.Contains(file.Path))
        {
            return;
        }

        foreach (var entry in trigger.UnknownKeys)
        {
            Unknown(session, entry, $"trigger: has no key '{entry.Key}'", null);
        }

        if (trigger.WorkflowName == file.Name && trigger.ProjectName == session.Request.ProjectName)
        {
            session.Report(TargetRules.TriggerItself, trigger.Span, $"the workflow {file.Name} waits for itself");
        }

        if (definition.Config["schedule"] is { IsNull: false })
        {
            session.Report(TargetRules.TriggerAndSchedule, trigger.Span, "the workflow has both a trigger and a schedule");
        }
    }

    private static void Unknown(CheckSession session, ConfigEntry entry, string message, string? advice) =>
        session.Report(TargetRules.UnknownTopLevelKey, DiagnosticSeverity.Warning, entry.KeySpan, message, advice ?? "Correct or remove the key, unless the service knows it.");
}
