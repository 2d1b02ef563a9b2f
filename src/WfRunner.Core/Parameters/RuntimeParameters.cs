using System.Globalization;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Parameters;

/// <summary>The built-in variables of a task. Digdag behaviour: dig-language 9.</summary>
public static class RuntimeParameters
{
    private static readonly string[] DerivedSuffixes = ["_time", "_date", "_date_compact", "_local_time", "_unixtime"];

    /// <summary>Builds the variables.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskFullName">Full name of the task.</param>
    /// <param name="parameters">The task's other parameters, where <c>last_session_time</c> and its like are found.</param>
    /// <returns>The variables in their order.</returns>
    public static ConfigMap Build(AttemptInfo attempt, string taskFullName, ConfigMap parameters)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(parameters);
        var zone = attempt.TimeZone;
        var variables = new ConfigMapBuilder();
        variables.Set("timezone", zone.Id);
        variables.Set("session_uuid", attempt.SessionUuid.ToString());
        variables.Set("session_time", SessionTimeText.Iso(attempt.SessionTime, zone));
        variables.Set("session_id", attempt.SessionId.Value);
        SetDerived(variables, "session", attempt.SessionTime, zone);
        SetNeighbour(variables, "last_session", parameters, zone);
        if (!SetNeighbour(variables, "last_executed_session", parameters, zone) && !parameters.Has("last_executed_session_time"))
        {
            SetNeverExecuted(variables, zone);
        }

        SetNeighbour(variables, "next_session", parameters, zone);
        variables.Set("project_id", attempt.ProjectId.Value);
        if (attempt.RetryAttemptName is { } name)
        {
            variables.Set("retry_attempt_name", name);
        }

        variables.Set("attempt_id", attempt.AttemptId.Value);
        variables.Set("task_name", taskFullName);
        return variables.Build();
    }

    /// <summary>
    /// Names that expressions may use although Digdag does not define them: <c>project_name</c> and <c>workflow_name</c>. They are
    /// no parameters, so that nothing that lists parameters changes, and any parameter of the name hides them.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>The names with their values.</returns>
    public static ConfigMap ExtraNames(AttemptInfo attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return ConfigMap.Of(("project_name", attempt.ProjectName), ("workflow_name", attempt.WorkflowName));
    }

    private static bool SetNeighbour(ConfigMapBuilder variables, string prefix, ConfigMap parameters, DateTimeZone zone)
    {
        if (parameters[prefix + "_time"] is not ConfigText text || SessionTimeText.FromIso(text.Value) is not { } time)
        {
            return false;
        }

        SetDerived(variables, prefix, time, zone);
        return true;
    }

    private static void SetNeverExecuted(ConfigMapBuilder variables, DateTimeZone zone)
    {
        foreach (var suffix in DerivedSuffixes)
        {
            variables.Set("last_executed_session" + suffix, string.Empty);
        }

        variables.Set("last_executed_session_tz_offset", OffsetText(zone.GetUtcOffset(Instant.FromUnixTimeSeconds(0))));
    }

    private static void SetDerived(ConfigMapBuilder variables, string prefix, Instant time, DateTimeZone zone)
    {
        var local = time.InZone(zone).LocalDateTime;
        var offset = zone.GetUtcOffset(time);
        variables.Set(prefix + "_date", string.Create(CultureInfo.InvariantCulture, $"{local.Year:0000}-{local.Month:00}-{local.Day:00}"));
        variables.Set(prefix + "_date_compact", string.Create(CultureInfo.InvariantCulture, $"{local.Year:0000}{local.Month:00}{local.Day:00}"));
        variables.Set(
            prefix + "_local_time",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{local.Year:0000}-{local.Month:00}-{local.Day:00} {local.Hour:00}:{local.Minute:00}:{local.Second:00}"));
        variables.Set(prefix + "_tz_offset", OffsetText(offset));
        variables.Set(prefix + "_unixtime", time.ToUnixTimeSeconds());
    }

    private static string OffsetText(Offset offset)
    {
        var minutes = Math.Abs(offset.Seconds / 60);
        return string.Create(CultureInfo.InvariantCulture, $"{(offset.Seconds < 0 ? '-' : '+')}{minutes / 60:00}{minutes % 60:00}");
    }
}
