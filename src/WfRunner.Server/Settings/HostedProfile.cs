using System.Globalization;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Hosted;

namespace WfRunner.Server.Settings;

/// <summary>
/// A server that behaves as the hosted service does, so that a project can be rehearsed against its limits (hosted-dialect 18.5). What
/// the configuration says itself wins.
/// </summary>
internal static class HostedProfile
{
    private const string Key = "server.profile";

    /// <summary>Whose dialect a server takes.</summary>
    /// <exception cref="ConfigException">The profile is unknown.</exception>
    public static Target TargetOf(IReadOnlyDictionary<string, string> config) => config.GetValueOrDefault(Key) switch
    {
        null or "wf" => Target.Wf,
        "td" => Target.Td,
        var unknown => throw new ConfigException($"Unknown {Key}: {unknown}. It is td, for the limits and the dialect of the hosted service, or wf"),
    };

    /// <summary>The configuration with the service's limits below it.</summary>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> config)
    {
        var limits = HostedService.Known.Limits;
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["executor.attempt_max_run"] = Text(limits.RunningAttempts),
            ["executor.attempt_queueing"] = "true",
            ["executor.task_max_run"] = Text(limits.TasksPerAttempt),
            ["executor.task_max_name_bytes"] = Text(limits.TaskNameBytes),
            ["executor.task_ttl"] = Seconds(limits.TaskTime),
            ["executor.attempt_ttl"] = Seconds(limits.AttemptTime),
            ["agent.max-task-threads"] = Text(limits.RunningTasks),
            ["api.max_archive_total_size_limit"] = Text(limits.ArchiveBytes),
            ["config.http.max_stored_response_content_size"] = Text(limits.HttpBytes),
            ["config.http_call.max_response_content_size"] = Text(limits.HttpCallBytes),
        };
        foreach (var (key, value) in config)
        {
            all[key] = value;
        }

        return all;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(Duration time) => Text((long)time.TotalSeconds) + "s";
}
