using WfRunner.Core.Config;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Parameters;

/// <summary>The built-in variables of a task. Digdag behaviour: dig-language 9.</summary>
public static class RuntimeParameters
{
    /// <summary>Builds the variables.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskFullName">Full name of the task.</param>
    /// <param name="parameters">The task's other parameters, where <c>last_session_time</c> and its like are found.</param>
    /// <returns>The variables in their order.</returns>
    public static ConfigMap Build(AttemptInfo attempt, string taskFullName, ConfigMap parameters)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(parameters);
        var time = attempt.SessionTime.InZone(attempt.TimeZone);
        return ConfigMap.Of(
            ("timezone", attempt.TimeZone.Id),
            ("session_uuid", attempt.SessionUuid.ToString()),
            ("session_time", NodaTime.Text.OffsetDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd'T'HH:mm:sso<+HH:mm>").Format(time.ToOffsetDateTime())),
            ("session_id", attempt.SessionId.Value),
            ("session_unixtime", attempt.SessionTime.ToUnixTimeSeconds()),
            ("project_id", attempt.ProjectId.Value),
            ("attempt_id", attempt.AttemptId.Value),
            ("task_name", taskFullName));
    }
}
