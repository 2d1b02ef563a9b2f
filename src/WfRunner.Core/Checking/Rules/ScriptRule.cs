using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking.Rules;

/// <summary>
/// Looks whether the Python and Ruby files exist that tasks load. What is not in the project may be installed on the machine, so
/// only that is told which stands beside files of the project or is nearly named like one.
/// </summary>
internal sealed class ScriptRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks)
        {
            var (value, parts, suffix) = task.Operator switch
            {
                "py" => (task.Command, (task.Command as ConfigText)?.Value.Split('.') ?? [], ".py"),
                "rb" => (task.Config["require"], (task.Config["require"] as ConfigText)?.Value.Split('/') ?? [], ".rb"),
                _ => (null, [], string.Empty),
            };
            if (value is ConfigText text && !CheckSession.IsTemplate(text.Value) && parts.All(p => p.Length > 0))
            {
                CheckScript(session, file, task, text, parts, suffix);
            }
        }
    }

    private static void CheckScript(CheckSession session, CheckedFile file, TaskNode task, ConfigText written, string[] parts, string suffix)
    {
        var candidates = Enumerable.Range(1, parts.Length).SelectMany(n => Candidates(string.Join('/', parts.Take(n)), suffix)).ToList();
        var paths = candidates.Select(c => session.PathOf(file, task, c)).ToList();
        if (paths.Exists(p => p is null || session.Request.Files.Exists(p)))
        {
            return;
        }

        // The module may be any of the names; the longest one below a folder of the project is most likely meant.
        for (var depth = parts.Length; depth > 0; depth--)
        {
            var name = string.Join('/', parts.Take(depth)) + suffix;
            var path = session.PathOf(file, task, name)!;
            var beside = session.Request.Files.NamesIn(Path.GetDirectoryName(path)!).Where(n => n.EndsWith(suffix, StringComparison.Ordinal)).ToList();
            var near = EditDistance.Nearest(Path.GetFileName(path), beside);
            if (near is not null || (depth > 1 && beside.Count > 0))
            {
                session.Report(
                    DiagnosticRules.MissingFile, written.Span, $"the script {name} does not exist", near is null ? null : $"Did you mean {name[..^Path.GetFileName(path).Length]}{near}?");
                return;
            }
        }
    }

    private static IEnumerable<string> Candidates(string name, string suffix) => suffix == ".py" ? [name + ".py", name + "/__init__.py"] : [name, name + suffix];
}
