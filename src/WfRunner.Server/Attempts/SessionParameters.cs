using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;

namespace WfRunner.Server.Attempts;

/// <summary>The parameters that a workflow with a schedule adds to each of its attempts. Digdag behaviour: schedules 7.</summary>
internal static class SessionParameters
{
    private static readonly OffsetDateTimePattern Iso =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    /// <summary>Adds them.</summary>
    public static ConfigMap Add(ConfigMap parameters, WorkflowDefinition definition, Instant sessionTime, Instant? lastExecuted)
    {
        if (SchedulerFactory.Create(definition.Config, definition.TimeZone) is not { } scheduler)
        {
            return parameters;
        }

        var next = scheduler.NextScheduleTime(sessionTime)?.Time;
        parameters = parameters
            .With("last_session_time", Format(scheduler.LastScheduleTime(sessionTime).Time, definition.TimeZone))
            .With("next_session_time", next is { } time ? Format(time, definition.TimeZone) : "9999-01-01T00:00:00+00:00");
        return lastExecuted is { } last ? parameters.With("last_executed_session_time", Format(last, definition.TimeZone)) : parameters;
    }

    /// <summary>A time with its offset, never <c>Z</c>.</summary>
    public static string Format(Instant time, DateTimeZone zone) => Iso.Format(time.InZone(zone).ToOffsetDateTime());
}
