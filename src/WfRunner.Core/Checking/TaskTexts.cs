using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Checking;

/// <summary>A text of a task that is evaluated.</summary>
/// <param name="Value">The text and its place.</param>
/// <param name="Key">The key of the task that it stands under.</param>
/// <param name="Names">What its expressions need.</param>
internal readonly record struct TaskText(ConfigText Value, string Key, TemplateNames Names);

/// <summary>A file that is evaluated as a whole.</summary>
/// <param name="Path">How places call the file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Names">What its expressions need.</param>
internal readonly record struct TemplateFile(string Path, string Text, TemplateNames Names);

/// <summary>Finds the texts of tasks that are evaluated. Digdag behaviour: dig-language 10.1.</summary>
internal static class TaskTexts
{
    /// <summary>The texts with expressions on a task itself: what is exported, and for an operator everything else.</summary>
    /// <param name="task">The task.</param>
    public static IEnumerable<TaskText> Of(TaskNode task)
    {
        foreach (var entry in task.OwnKeys)
        {
            if (task.Operator is not null || entry.Key == "_export")
            {
                foreach (var text in In(entry.Value))
                {
                    yield return new TaskText(text, entry.Key, TemplateNames.Of(text.Value));
                }
            }
        }
    }

    /// <summary>The files that a task evaluates as a whole, such as a query.</summary>
    /// <param name="session">Reads them.</param>
    /// <param name="file">The workflow file.</param>
    /// <param name="task">The task.</param>
    public static IEnumerable<TemplateFile> FilesOf(CheckSession session, CheckedFile file, TaskNode task)
    {
        if (task.Operator is not { } name || !session.Operators.TryGetValue(name, out var description))
        {
            yield break;
        }

        foreach (var parameter in description.Parameters.Prepend(description.Command))
        {
            var value = parameter == description.Command ? task.Command : task.Config[parameter.Name];
            if (parameter.IsTemplate
                && value is ConfigText { Value: var path }
                && parameter.NamesFile(path)
                && !CheckSession.IsTemplate(path)
                && session.PathOf(file, task, path) is { } absolute
                && session.TextOf(absolute) is { } text
                && CheckSession.IsTemplate(text))
            {
                yield return new TemplateFile(session.Request.Files.DisplayName(absolute), text, TemplateNames.Of(text));
            }
        }
    }

    /// <summary>Every text with an expression in a value.</summary>
    /// <param name="value">The value.</param>
    public static IEnumerable<ConfigText> In(ConfigValue value)
    {
        if (!value.MayHoldTemplate)
        {
            return [];
        }

        return value switch
        {
            ConfigText text => CheckSession.IsTemplate(text.Value) ? [text] : [],
            ConfigMap map => map.Where(e => e.Key is not ("_do" or "_else_do")).SelectMany(e => In(e.Value)),
            ConfigList list => list.Items.SelectMany(In),
            _ => [],
        };
    }
}
