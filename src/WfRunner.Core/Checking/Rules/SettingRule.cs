using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Finds settings that nothing reads, and tasks below operators that will not compile.</summary>
internal sealed class SettingRule : IFileRule
{
    private static readonly string[] IgnoredOnGroups = ["_check", "timezone", "schedule", "sla", "_secrets"];

    // What stands behind an include's name has its own rules; these words are read from the top of a workflow's own file only.
    private static readonly string[] IgnoredInCalledFiles = ["schedule", "sla"];

    public void Check(CheckSession session, CheckedFile file)
    {
        if (file.Tasks is not { } root)
        {
            return;
        }

        if (root.Config.Has("_check"))
        {
            Ignored(session, root, "_check", "on a group of tasks: only tasks with an operator are checked");
        }

        if (!session.Request.WorkflowFiles.Contains(file.Path))
        {
            foreach (var key in IgnoredInCalledFiles.Where(root.Config.Has))
            {
                Ignored(session, root, key, "in a file that is only called");
            }

            if (file.Definition?.Trigger is { } trigger)
            {
                session.Report(DiagnosticRules.IgnoredSetting, trigger.Span, "trigger has no effect in a file that is only called");
            }
        }

        foreach (var task in root.WithDescendants())
        {
            if (task.IsDisabled)
            {
                session.Report(DiagnosticRules.DisabledTask, task.Config.KeySpan("_disable"), $"{task.FullName} is disabled");
                continue;
            }

            if (task.Operator is null)
            {
                CheckGroup(session, task);
            }

            CheckExports(session, task);
            CheckGenerated(session, task);
        }
    }

    private static void CheckGroup(CheckSession session, TaskNode task)
    {
        if (task.Parent is not null)
        {
            foreach (var key in IgnoredOnGroups.Where(task.Config.Has))
            {
                Ignored(session, task, key, "on a group of tasks");
            }
        }

        if (task.Config["_retry"] is { } retry && (TaskTexts.In(retry).Any() || retry is ConfigText { Value: var text } && !long.TryParse(text, out _)))
        {
            session.Report(DiagnosticRules.TemplateInSetting, retry.Span, "_retry of a group must be a number; this one is ignored");
        }
    }

    private static void Ignored(CheckSession session, TaskNode task, string key, string where) =>
        session.Report(DiagnosticRules.IgnoredSetting, task.Config.KeySpan(key), $"{key} has no effect {where}");

    private static void CheckExports(CheckSession session, TaskNode task)
    {
        if (task.Config["_export"] is not ConfigMap exports)
        {
            return;
        }

        foreach (var entry in exports.Where(e => TaskKeys.IsOperator(e.Key)))
        {
            session.Report(DiagnosticRules.ExportedOperator, entry.KeySpan, $"the exported key '{entry.Key}' looks like an operator");
        }
    }

    // _error is compiled with its workflow.
    private static void CheckGenerated(CheckSession session, TaskNode task)
    {
        foreach (var child in task.Children.Where(c => c.Role is "_do" or "_else_do" || (c.Role == "_check" && task.Operator is not null)))
        {
            foreach (var finding in WorkflowCompiler.FindProblems(string.Empty, "+" + child.Role, child.Config).Problems.SelectMany(p => p.ToDiagnostics()))
            {
                session.Report(finding with { Severity = DiagnosticSeverity.Warning });
            }
        }
    }
}
