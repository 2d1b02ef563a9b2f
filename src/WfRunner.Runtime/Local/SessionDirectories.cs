using NodaTime;
using WfRunner.Core.Scheduling;

namespace WfRunner.Runtime.Local;

/// <summary>The sessions that a project ran locally, as its status directories tell.</summary>
public static class SessionDirectories
{
    /// <summary>The greatest session time for which a workflow has status files. Digdag behaviour: cli-local 8.5.</summary>
    /// <param name="statusDirectory">Absolute path of the folder of all sessions.</param>
    /// <param name="workflowName">Name of the workflow.</param>
    /// <returns>The time; null when the workflow never ran.</returns>
    public static Instant? LastSessionOf(string statusDirectory, string workflowName)
    {
        if (!Directory.Exists(statusDirectory))
        {
            return null;
        }

        return Directory.EnumerateDirectories(statusDirectory)
            .Where(d => HasStatusOf(d, workflowName))
            .Select(d => SessionTimeText.FromDirectoryName(Path.GetFileName(d)))
            .Max();
    }

    private static bool HasStatusOf(string directory, string workflowName)
    {
        var prefix = "+" + workflowName;
        return Directory.EnumerateFiles(directory, "*.yml").Select(Path.GetFileName).Any(f =>
            f!.StartsWith(prefix, StringComparison.Ordinal) && f.Length > prefix.Length && f[prefix.Length] is '+' or '^');
    }
}
