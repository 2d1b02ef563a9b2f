using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks whether the workflows exist that tasks call or require, and whether calls end.</summary>
internal sealed class ReferenceRule : IFileRule
{
    private readonly CallGraph _calls;

    /// <summary>Makes the rule.</summary>
    /// <param name="calls">Who calls whom.</param>
    public ReferenceRule(CallGraph calls) => _calls = calls;

    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks)
        {
            switch (task.Operator)
            {
                case "call":
                    CheckCall(session, file, task);
                    break;
                case "require":
                    CheckRequire(session, task);
                    break;
                default:
                    break;
            }
        }

        foreach (var (task, called) in _calls.CallsOf(file))
        {
            if (PathBack(called, file) is { } path)
            {
                session.Report(
                    DiagnosticRules.CallCycle, task.Command?.Span, $"this call leads back here: {string.Join(" -> ", path.Prepend(file).Select(f => f.Name))}");
            }
        }
    }

    private static void CheckCall(CheckSession session, CheckedFile file, TaskNode task)
    {
        if (session.CalledPath(file, task) is not { } path)
        {
            return;
        }

        var name = ((ConfigText)task.Command!).Value;
        if (!session.IsInProject(path))
        {
            session.Report(DiagnosticRules.FileOutside, task.Command.Span, $"{name} lies outside of the project");
        }
        else if (!session.Request.Files.Exists(path))
        {
            var shown = name.EndsWith(".dig", StringComparison.Ordinal) ? name : name + ".dig";
            session.Report(DiagnosticRules.MissingCall, task.Command.Span, $"the called file {shown} does not exist", FileRule.Near(session, shown, path));
        }
    }

    private static void CheckRequire(CheckSession session, TaskNode task)
    {
        if (task.Command is not ConfigText { Value: { Length: > 0 } name } || CheckSession.IsTemplate(name)
            || task.Config.Has("project_id") || task.Config.Has("project_name"))
        {
            return;
        }

        var known = session.Request.WorkflowFiles.Select(f => DigFile.WorkflowName(session.Request.Files.DisplayName(f))).ToList();
        if (!known.Contains(name))
        {
            var near = name.EndsWith(".dig", StringComparison.Ordinal) && known.Contains(name[..^4]) ? name[..^4] : EditDistance.Nearest(name, known);
            session.Report(
                DiagnosticRules.MissingRequire,
                task.Command.Span,
                $"this project has no workflow '{name}'",
                near is null ? null : $"Did you mean {near}?");
        }
    }

    private List<CheckedFile>? PathBack(CheckedFile from, CheckedFile target)
    {
        var seen = new HashSet<CheckedFile> { from };
        var pending = new Queue<List<CheckedFile>>([[from]]);
        while (pending.TryDequeue(out var path))
        {
            if (path[^1] == target)
            {
                return path;
            }

            foreach (var (_, called) in _calls.CallsOf(path[^1]))
            {
                if (called == target || seen.Add(called))
                {
                    pending.Enqueue([.. path, called]);
                }
            }
        }

        return null;
    }
}
