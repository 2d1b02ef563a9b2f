using System.Text;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Scheduling;

namespace WfRunner.Operators.Plugins;

/// <summary>What a plugin reads: one JSON object.</summary>
internal static class PluginRequest
{
    /// <summary>The version of the protocol; it changes only when an old plugin would misunderstand.</summary>
    private const long Protocol = 1;

    /// <summary>Writes a request.</summary>
    /// <param name="action"><c>run</c>, or <c>cleanup</c> after the attempt was killed.</param>
    /// <param name="request">The task.</param>
    /// <param name="context">The project.</param>
    /// <param name="secrets">The secrets that it has asked for; null values for those that are not set.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Write(string action, OperatorRequest request, IOperatorContext context, ConfigMap secrets)
    {
        var attempt = request.Attempt;
        return Encoding.UTF8.GetBytes(ConfigJson.Write(ConfigMap.Of(
            ("protocol", Protocol),
            ("action", action),
            ("command", request.Config["_command"] ?? ConfigNull.Instance),
            ("params", request.Config.Without("_command").Without("_env")),
            ("state", request.StateParams),
            ("secrets", secrets),
            ("task", ConfigMap.Of(("id", request.TaskId.ToString()), ("name", request.TaskName), ("retryCount", (long)request.RetryCount))),
            ("attempt", ConfigMap.Of(
                ("id", attempt.AttemptId.ToString()),
                ("sessionId", attempt.SessionId.ToString()),
                ("sessionUuid", attempt.SessionUuid.ToString()),
                ("sessionTime", SessionTimeText.Iso(attempt.SessionTime, attempt.TimeZone)),
                ("timeZone", attempt.TimeZone.Id),
                ("project", attempt.ProjectName),
                ("workflow", attempt.WorkflowName),
                ("revision", attempt.Revision is { } revision ? ConfigValue.FromString(revision) : ConfigNull.Instance))),
            ("now", InstantPattern.ExtendedIso.Format(context.Clock.GetCurrentInstant())),
            ("projectDirectory", context.ProjectDirectory))) + "\n");
    }
}
