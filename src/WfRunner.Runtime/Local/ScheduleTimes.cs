using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;

namespace WfRunner.Runtime.Local;

/// <summary>The neighbours of the session time, which are parameters only where there is a schedule. Digdag behaviour: dig-language 9.</summary>
public static class ScheduleTimes
{
    /// <summary>Adds them.</summary>
    /// <param name="parameters">Parameters of the attempt.</param>
    /// <param name="definition">The workflow.</param>
    /// <param name="session">The session time.</param>
    /// <returns>The parameters with <c>last_session_time</c> and <c>next_session_time</c>.</returns>
    public static ConfigMap Add(ConfigMap parameters, WorkflowDefinition definition, Instant session)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(definition);
        if (SchedulerFactory.Create(definition.Config, definition.TimeZone) is not { } scheduler)
        {
            return parameters;
        }

        parameters = parameters.With(
            "last_session_time", SessionTimeText.Iso(scheduler.LastScheduleTime(session).Time, scheduler.TimeZone));
        return scheduler.NextScheduleTime(session) is { } next
            ? parameters.With("next_session_time", SessionTimeText.Iso(next.Time, scheduler.TimeZone))
            : parameters;
    }
}
