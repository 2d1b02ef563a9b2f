using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Checking;

/// <summary>A text of a task that is evaluated.</summary>
/// <param name="Value">The text and its place.</param>
/// <param name="Key">The key of the task that it stands under.</param>
/// <param name="Names">What its expressions need.</param>
internal readonly record struct TaskText(ConfigText Value, string Key, TemplateNames Names);

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
