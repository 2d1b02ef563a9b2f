using System.Globalization;
using WfRunner.Core;

namespace WfRunner.Runtime.Tasks;

/// <summary>The most tasks an attempt may have. Digdag behaviour: engine 16.</summary>
public static class TaskLimit
{
    private const int Default = 1000;

    /// <summary>Reads the limit.</summary>
    /// <param name="systemConfig">System configuration: <c>executor.task_max_run</c>, else <c>io.digdag.limits.maxWorkflowTasks</c>.</param>
    /// <returns>The limit; 1000 unless configured.</returns>
    /// <exception cref="ConfigException">The value is no integer.</exception>
    public static int Of(IReadOnlyDictionary<string, string> systemConfig)
    {
        ArgumentNullException.ThrowIfNull(systemConfig);
        foreach (var key in (string[])["executor.task_max_run", "io.digdag.limits.maxWorkflowTasks"])
        {
            if (systemConfig.TryGetValue(key, out var text))
            {
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
                    ? limit
                    : throw new ConfigException($"Expected integer (int) type for key '{key}' but got \"{text}\" (string)");
            }
        }

        return Default;
    }
}
