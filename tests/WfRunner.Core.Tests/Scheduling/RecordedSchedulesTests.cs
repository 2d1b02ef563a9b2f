using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Tests.Dig;
using WfRunner.Core.Tests.Tables;

namespace WfRunner.Core.Tests.Scheduling;

/// <summary>Every recorded schedule: a section, a zone and a moment to the first, the next and the last entry, or to an error.</summary>
public sealed class RecordedSchedulesTests
{
    // What Digdag answers behind the end of a schedule.
    private const string Never = "9999-01-01T00:00:00Z";

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["start-end-fb0a2fbe0a"] = "session times behind the year 9999 do not exist here",
        ["start-end-e8c4da9f30"] = "before 1970 Digdag adds a minute unless its own clock shows second 0",
        ["keys-d10ee7b3d9"] = "before 1970 Digdag adds a minute unless its own clock shows second 0",
        ["invalid-time-911cca657a"] = "a delay of 68 years overflows 32 bits in Java and becomes negative",
    };

    public static TheoryData<string> Groups => RecordedTable.Groups("schedules");

    [Theory]
    [MemberData(nameof(Groups))]
    public void Schedules_answer_as_recorded(string group) =>
        RecordedTable.Compare("schedules", group, Compare, Exceptions);

    private static string? Compare(ConfigMap row)
    {
        ConfigValue got;
        try
        {
            got = Answer(row);
        }
        catch (WorkflowException e)
        {
            return CompareError(row, e);
        }

        return row.GetStringOrNull("error_message") is { } error ? $"want error {error}, got {got}"
            : RecordedTable.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }

    private static string? CompareError(ConfigMap row, WorkflowException e)
    {
        if (row.GetStringOrNull("error_message") is { } want)
        {
            return IsFreelyWorded(want) || want == e.Message ? null : $"want error {want}, got error {e.Message}";
        }

        // Digdag notices some mistakes only when it computes an entry, always the same for all three.
        return row["out"] is ConfigMap entries && entries.GetMapOrEmpty("first").Has("error") ? null : $"want {row["out"]}, got error {e.Message}";
    }

    private static ConfigValue Answer(ConfigMap row)
    {
        var (config, zone) = row.Has("dig") ? FromFile(row) : (row.Without("out"), row.GetTimeZoneOr("timezone", DateTimeZone.Utc));
        if (SchedulerFactory.Create(config, zone) is not { } scheduler)
        {
            return ConfigNull.Instance;
        }

        var at = InstantPattern.ExtendedIso.Parse(row.GetString("at")).Value;
        var answer = ConfigMap.Of(
            ("first", Entry(() => scheduler.FirstScheduleTime(at))),
            ("next", Entry(() => scheduler.NextScheduleTime(at))),
            ("last", Entry(() => scheduler.LastScheduleTime(at))));
        return SchedulerFactory.DescribeUnusedKeys(config) is { } unused ? answer.With("push_error", unused + " (unused config)") : answer;
    }

    private static (ConfigMap Config, DateTimeZone Zone) FromFile(ConfigMap row)
    {
        var definition = MemoryFiles.Workflow(row.GetString("dig"));
        return (definition.Config, definition.TimeZone);
    }

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

    // Texts of Java libraries, and the YAML reader's.
    private static bool IsFreelyWorded(string message) =>
        message.Contains("java.", StringComparison.Ordinal) || message.Contains("[reference type", StringComparison.Ordinal)
        || message.StartsWith("while ", StringComparison.Ordinal);
}
