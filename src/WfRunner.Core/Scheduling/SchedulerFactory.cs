using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Scheduling;

/// <summary>Makes schedulers from the <c>schedule:</c> section of a workflow. Digdag behaviour: schedules 2 and 3.</summary>
public static class SchedulerFactory
{
    /// <summary>Reads a <c>schedule:</c> section.</summary>
    /// <param name="workflowConfig">The definition's config, whose key <c>schedule</c> is read.</param>
    /// <param name="timeZone">The workflow's zone.</param>
    /// <returns>The scheduler, or null when the workflow has no <c>schedule</c>.</returns>
    /// <exception cref="ConfigException">The section is wrong; the message is Digdag's, the place the value's.</exception>
    public static IScheduler? Create(ConfigMap workflowConfig, DateTimeZone timeZone)
    {
        ArgumentNullException.ThrowIfNull(workflowConfig);
        ArgumentNullException.ThrowIfNull(timeZone);
        return workflowConfig.Has("schedule") ? throw new ConfigException("Unknown scheduler type: ") : null;
    }
}
