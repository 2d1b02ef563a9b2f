using WfRunner.Core.Config;

namespace WfRunner.Core.Checking;

/// <summary>
/// Finds what a task gets: from its own keys, from what the tasks around it export, from the files that call its file, and from
/// the parameters given with options. The nearest wins, and mappings are looked into key by key, as exports are merged.
/// </summary>
/// <param name="calls">Who calls whom.</param>
internal sealed class InheritedValues(CallGraph calls)
{
    /// <summary>The value at a path of keys.</summary>
    /// <param name="session">The parameters.</param>
    /// <param name="file">The task's file.</param>
    /// <param name="task">The task.</param>
    /// <param name="path">The keys, the outermost first.</param>
    /// <returns>The nearest value that is not null; null when there is none.</returns>
    public ConfigValue? Find(CheckSession session, CheckedFile file, TaskNode task, params ReadOnlySpan<string> path)
    {
        foreach (var map in Around(session, file, task))
        {
            if (At(map, path) is { IsNull: false } found)
            {
                return found;
            }
        }

        return null;
    }

    private static ConfigValue? At(ConfigMap map, ReadOnlySpan<string> path)
    {
        ConfigValue? value = map;
        foreach (var key in path)
        {
            switch (value)
            {
                case ConfigMap inner:
                    value = inner[key];
                    break;
                case ConfigText text when CheckSession.IsTemplate(text.Value):
                    // Known only at run time, with whatever it holds.
                    return text;
                default:
                    return null;
            }
        }

        return value;
    }

    private IEnumerable<ConfigMap> Around(CheckSession session, CheckedFile file, TaskNode task)
    {
        yield return task.Config;
        for (var at = task; at is not null; at = at.Parent)
        {
            if (at.Config["_export"] is ConfigMap exports)
            {
                yield return exports;
            }
        }

        foreach (var exports in calls.CallersOf(file).SelectMany(c => c.ActiveTasks).Select(t => t.Config["_export"]).OfType<ConfigMap>())
        {
            yield return exports;
        }

        yield return session.Request.Parameters;
    }
}
