using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;

namespace WfRunner.Conformance.Tables;

/// <summary>Rows of <c>schedules.jsonl</c>: a schedule and a moment to the first, next and last entry.</summary>
internal sealed class SchedulesTable : ITableComparer
{
    // What Digdag answers behind the end of a schedule.
    private const string Never = "9999-01-01T00:00:00Z";

    public string Table => "schedules";

    public string? Compare(ConfigMap row)
    {
        ConfigValue got;
        try
        {
            got = Answer(row);
        }
        catch (WorkflowException e)
        {
            return row.GetStringOrNull("error_message") is not { } want
                ? row.Has("error") ? null : $"want {row["out"]}, got error {e.Message}"
                : IsQuoted(want) && want != e.Message ? $"want error {want}, got error {e.Message}" : null;
        }

        return row.Has("error")
            ? $"want error {row["error"]}, got {got}"
            : JsonEquality.Same(got, Comparable(row["out"]!)) ? null : $"want {row["out"]}, got {got}";
    }

    private static ConfigValue Answer(ConfigMap row)
    {
        var (config, zone) = row.Has("dig")
            ? FromFile(row)
            : (ConfigMap.Of(("schedule", row["schedule"] ?? ConfigNull.Instance)), Zone(row.GetStringOr("timezone", "UTC")));
        if (SchedulerFactory.Create(config, zone) is not { } scheduler)
        {
            return ConfigNull.Instance;
        }

        var at = InstantPattern.ExtendedIso.Parse(row.GetString("at")).Value;
        var answer = ConfigMap.Of(
            ("first", Entry(() => scheduler.FirstScheduleTime(at))),
            ("next", Entry(() => scheduler.NextScheduleTime(at))),
            ("last", Entry(() => scheduler.LastScheduleTime(at))));
        return SchedulerFactory.DescribeUnusedKeys(config) is not null ? answer.With("push_error", true) : answer;
    }

    // Whether there is a push error counts; its suggestions come in another order.
    private static ConfigValue Comparable(ConfigValue want) =>
        want is ConfigMap map && map.Has("push_error") ? map.With("push_error", true) : want;

    private static (ConfigMap Config, DateTimeZone Zone) FromFile(ConfigMap row)
    {
        var definition = DigFile.ReadWorkflow(new RowFiles(row, "wf.dig"), Path.Combine(RowFiles.Directory, "wf.dig"), "wf");
        return (definition.Config, definition.TimeZone);
    }

    private static DateTimeZone Zone(string name) =>
        TimeZoneId.TryParse(name, out var zone) ? zone : throw new ConfigException("Unknown time zone name: " + name);

    private static ConfigMap Entry(Func<ScheduleTime?> find)
    {
        try
        {
            var entry = find();
            return ConfigMap.Of(("time", Text(entry?.Time)), ("run_time", Text(entry?.RunTime)));
        }
        catch (WorkflowException e)
        {
            return ConfigMap.Of(("error", e.Message));
        }
    }

    private static string Text(Instant? time) => time is { } t ? InstantPattern.ExtendedIso.Format(t) : Never;

    // Texts that come from Java libraries are worded freely.
    private static bool IsQuoted(string message) =>
        !message.Contains("java.time", StringComparison.Ordinal) && !message.Contains("com.fasterxml", StringComparison.Ordinal)
        && !message.StartsWith("Expected ", StringComparison.Ordinal);
}
