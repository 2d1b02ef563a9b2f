using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks whether the files exist that tasks read.</summary>
internal sealed class FileRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks)
        {
            if (task.Operator is null || !session.Operators.TryGetValue(task.Operator, out var description))
            {
                continue;
            }

            foreach (var parameter in description.Parameters.Prepend(description.Command).Where(p => p.Type == ParameterType.File))
            {
                var value = parameter == description.Command ? task.Command : task.Config[parameter.Name];
                if (value is ConfigText { Value: var name } && parameter.NamesFile(name) && !CheckSession.IsTemplate(name)
                    && session.PathOf(file, task, name) is { } path)
                {
                    CheckPath(session, name, path, value.Span);
                }
            }
        }
    }

    private static void CheckPath(CheckSession session, string name, string path, SourceSpan? span)
    {
        if (!session.IsInProject(path))
        {
            session.Report(DiagnosticRules.FileOutside, span, $"{name} lies outside of the project");
        }
        else if (!session.Request.Files.Exists(path))
        {
            session.Report(DiagnosticRules.MissingFile, span, $"the file {name} does not exist", Near(session, name, path));
        }
    }

    /// <summary>Advice that names a file of the same folder, if one has nearly the same name.</summary>
    internal static string? Near(CheckSession session, string name, string path)
    {
        var near = EditDistance.Nearest(Path.GetFileName(path), session.Request.Files.NamesIn(Path.GetDirectoryName(path)!));
        return near is null ? null : $"Did you mean {name[..^Path.GetFileName(path).Length]}{near}?";
    }
}
