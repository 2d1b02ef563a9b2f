using System.Collections.Frozen;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling.Types;

namespace WfRunner.Core.Scheduling;

/// <summary>Makes schedulers from the <c>schedule:</c> section of a workflow. Digdag behaviour: schedules 2 to 4.</summary>
public static class SchedulerFactory
{
    // A new scheduler type is one file in Types and one word here.
    private static readonly FrozenDictionary<string, ISchedulerType> Types = new ISchedulerType[]
    {
        new CronType(), new HourlyType(), new DailyType(), new WeeklyType(), new MonthlyType(), new MinutesIntervalType(), new SecondsIntervalType(),
    }.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    private static readonly string[] CommonKeys = ["_type", "skip_on_overtime", "skip_delayed_by", "start", "end"];

    /// <summary>Reads a <c>schedule:</c> section.</summary>
    /// <param name="workflowConfig">The definition's config, whose key <c>schedule</c> is read.</param>
    /// <param name="timeZone">The workflow's zone.</param>
    /// <returns>The scheduler, or null when the workflow has no <c>schedule</c>.</returns>
    /// <exception cref="WorkflowException">
    /// The section is wrong: kind <c>config</c>, or <c>invalid pattern</c> for a cron pattern; the message is Digdag's, the place the value's.
    /// </exception>
    public static IScheduler? Create(ConfigMap workflowConfig, DateTimeZone timeZone)
    {
        ArgumentNullException.ThrowIfNull(workflowConfig);
        ArgumentNullException.ThrowIfNull(timeZone);
        if (!workflowConfig.TryGet("schedule", out var value) || value.IsNull)
        {
            return null;
        }

        var map = value as ConfigMap ?? throw ConfigAccess.Mismatch("object type", "schedule", value);
        try
        {
            var section = ScheduleSection.Read(map, timeZone);
            return Types.TryGetValue(section.Type, out var type)
                ? type.Create(section)
                : throw new ConfigException($"Unknown scheduler type: {section.Type}", section.TypeSpan);
        }
        catch (WorkflowException e) when (e.Span is null)
        {
            throw e.Kind == FailureKind.Config
                ? new ConfigException(e.Message, map.Span, e.InnerException)
                : new WorkflowException(e.Kind, e.Message, ScheduleSection.TypeKey(map) is { } key ? map[key]!.Span ?? map.Span : map.Span, e.InnerException);
        }
    }

    /// <summary>
    /// The lines about keys of a <c>schedule:</c> section that are not accepted: a push is refused with them, a local run only logs
    /// them. Digdag behaviour: schedules 2.2, so that what a push to <c>wf</c> accepts, a push to Digdag accepts too; keys
    /// and suggestions come in alphabetical order.
    /// </summary>
    /// <param name="workflowConfig">The definition's config.</param>
    /// <returns>One text with a line for each key; null when every key is accepted.</returns>
    public static string? DescribeUnusedKeys(ConfigMap workflowConfig)
    {
        var text = string.Concat(UnusedKeys(workflowConfig).Select(u => $"Parameter '{u.Key}' is not used at schedule. {u.Suggestion}\n"));
        return text.Length == 0 ? null : text;
    }

    /// <summary>The keys of a <c>schedule:</c> section that are not accepted, in alphabetical order.</summary>
    /// <param name="workflowConfig">The definition's config.</param>
    /// <returns>Each key with what it may have been meant for; the suggestion may be empty.</returns>
    internal static IEnumerable<(string Key, string Suggestion)> UnusedKeys(ConfigMap workflowConfig)
    {
        ArgumentNullException.ThrowIfNull(workflowConfig);
        return workflowConfig["schedule"] is ConfigMap section && AcceptedKeys(section) is { } accepted
            ? section.Keys.Where(k => !accepted.Contains(k)).Order(StringComparer.Ordinal).Select(k => (k, Suggestion(k, accepted)))
            : [];
    }

    // Written as "daily>: …", the section also has the keys that stand for it inside, _type and _command.
    private static SortedSet<string>? AcceptedKeys(ConfigMap section)
    {
        if (section.Has("_type"))
        {
            return new SortedSet<string>(CommonKeys, StringComparer.Ordinal);
        }

        return ScheduleSection.TypeKey(section) is { } key
            ? new SortedSet<string>([.. CommonKeys, key, "_command"], StringComparer.Ordinal)
            : null;
    }

    private static string Suggestion(string key, SortedSet<string> accepted)
    {
        var near = EditDistance.Suggest(key, accepted);
        return near.Count == 0 ? string.Empty : $"> Did you mean '[{string.Join(", ", near)}]'?";
    }
}
