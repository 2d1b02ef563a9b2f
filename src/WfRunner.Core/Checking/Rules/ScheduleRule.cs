using System.Globalization;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Finds schedules that are broken, never come, are over, or will surprise. Digdag behaviour: schedules 2 to 6.</summary>
internal sealed class ScheduleRule : IFileRule
{
    /// <summary>How many runs are foretold.</summary>
    public const int ForetoldRuns = 5;

    /// <summary>The next entries of a workflow's schedule; none when it has no schedule, or a broken one.</summary>
    /// <param name="session">The moment.</param>
    /// <param name="file">The workflow.</param>
    public static IReadOnlyList<ScheduleTime> NextRuns(CheckSession session, CheckedFile file)
    {
        var runs = new List<ScheduleTime>();
        try
        {
            if (file.Definition is { } definition && SchedulerFactory.Create(definition.Config, definition.TimeZone) is { } scheduler)
            {
                for (var next = scheduler.FirstScheduleTime(session.Request.Now);
                    next is { } run && runs.Count < ForetoldRuns && !IsEnd(run.Time);
                    next = scheduler.NextScheduleTime(run.Time))
                {
                    runs.Add(run);
                }
            }
        }
        catch (WorkflowException)
        {
            // Told by the rule.
        }

        return runs;
    }

    public void Check(CheckSession session, CheckedFile file)
    {
        if (file.Definition is not { } definition || !session.Request.WorkflowFiles.Contains(file.Path))
        {
            return;
        }

        if (definition.Config["sla"] is { } sla)
        {
            CheckSla(session, sla);
        }

        if (!definition.Config.TryGet("schedule", out var value) || value.IsNull)
        {
            return;
        }

        try
        {
            var scheduler = SchedulerFactory.Create(definition.Config, definition.TimeZone)!;
            if (scheduler.FirstScheduleTime(session.Request.Now) is not { } first || IsEnd(first.Time))
            {
                session.Report(DiagnosticRules.ScheduleEnded, value.Span?.Start, "the schedule has no run any more");
            }
            else
            {
                DaylightSavingRule.Check(session, scheduler, definition.Config.KeySpan("schedule"));
            }
        }
        catch (WorkflowException e)
        {
            var never = e.Kind == FailureKind.InvalidPattern && e.Message.EndsWith("It never matches", StringComparison.Ordinal);
            session.Report(never ? DiagnosticRules.NeverRuns : e.Rule ?? DiagnosticRules.BrokenSchedule, e.Span ?? value.Span?.Start, e.Message);
            return;
        }

        if (value is ConfigMap section)
        {
            CheckSection(session, definition.Config, section);
            if (definition.TimeZone is FixedOffsetZone { IsUnknownToJavaCalendar: true })
            {
                session.Report(
                    DiagnosticRules.ZoneIgnoredBySchedule, section.Span?.Start, $"the schedule is calculated in UTC, not in {definition.TimeZone.Id}");
            }
        }
    }

    private static bool IsEnd(Instant time) => time >= Instant.FromUtc(9999, 1, 1, 0, 0);

    private static void CheckSection(CheckSession session, ConfigMap config, ConfigMap section)
    {
        foreach (var (key, _) in SchedulerFactory.UnusedKeys(config))
        {
            var near = EditDistance.Nearest(key, ["skip_on_overtime", "skip_delayed_by", "start", "end"]);
            session.Report(
                DiagnosticRules.UnusedScheduleKey, section.KeySpan(key), $"'{key}' is no key of a schedule", near is null ? null : $"Did you mean {near}?");
        }

        if (section["skip_delayed_by"] is { IsNull: false } skip && !(skip is ConfigText text && DurationText.TryParse(text.Value, out _)))
        {
            session.Report(DiagnosticRules.BrokenSkip, skip.Span, $"{skip} is no duration");
        }

        foreach (var entry in section.Where(e => e.Key.EndsWith('>') && !e.Value.IsNull))
        {
            CheckCommand(session, entry.Key[..^1], ConfigAccess.AsString(entry.Key, entry.Value), entry.Value.Span);
        }
    }

    private static void CheckCommand(CheckSession session, string type, string command, SourceSpan? span)
    {
        switch (type)
        {
            case "minutes_interval" when JavaInteger.TryParse(command, out var minutes) && (minutes > 60 || 60 % minutes != 0):
                session.Report(
                    DiagnosticRules.UnevenInterval,
                    span,
                    minutes > 60
                        ? string.Create(CultureInfo.InvariantCulture, $"an interval of {minutes} minutes runs every hour: intervals restart with every hour")
                        : string.Create(CultureInfo.InvariantCulture, $"intervals restart with every hour, so the last one is {60 % minutes} minutes long, not {minutes}"));
                break;
            case "seconds_interval" when JavaInteger.TryParse(command, out var seconds) && seconds > 0 && 86_400 % seconds != 0:
                session.Report(
                    DiagnosticRules.UnevenInterval,
                    span,
                    string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds do not divide a day, so runs drift from day to day"),
                    "Use a divisor of 86,400 seconds.");
                break;
            case "hourly":
                CheckTime(session, command, ["59", "59"], span);
                break;
            case "daily":
                CheckTime(session, command, ["23", "59", "59"], span);
                break;
            case "weekly" or "monthly" when command.IndexOf(',', StringComparison.Ordinal) is var comma and >= 0:
                CheckTime(session, command[(comma + 1)..].Trim(), ["23", "59", "59"], span);
                if (type == "monthly" && JavaInteger.TryParse(command[..comma].Trim(), out var day) && day is < 1 or > 28)
                {
                    CheckDayOfMonth(session, command[..comma].Trim(), span);
                }

                break;
            case "cron":
                CheckCron(session, command, span);
                break;
            default:
                break;
        }
    }

    private static void CheckDayOfMonth(CheckSession session, string day, SourceSpan? span)
    {
        var message = JavaInteger.TryParse(day, out var number) && number < 1
            ? $"day {day} is read as day 1"
            : $"months without a day {day} have no session";
        session.Report(DiagnosticRules.SkippedMonths, span, message);
    }

    private static void CheckTime(CheckSession session, string time, string[] greatest, SourceSpan? span)
    {
        var fields = time.TrimEnd(':').Split(':');
        for (var i = 0; i < Math.Min(fields.Length, greatest.Length); i++)
        {
            if (JavaInteger.TryParse(fields[i], out var number) && (number < 0 || number > int.Parse(greatest[i], CultureInfo.InvariantCulture)))
            {
                session.Report(DiagnosticRules.TimeOutOfRange, span, $"{fields[i]} in {time} is beyond {greatest[i]}");
                return;
            }
        }
    }

    private static void CheckCron(CheckSession session, string pattern, SourceSpan? span)
    {
        foreach (var group in pattern.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = group.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 5)
            {
                CheckStep(session, fields[0], 60, "minutes", "hour", span);
                CheckStep(session, fields[1], 24, "hours", "day", span);
            }
        }
    }

    private static void CheckStep(CheckSession session, string field, int whole, string unit, string period, SourceSpan? span)
    {
        if (field.StartsWith("*/", StringComparison.Ordinal) && JavaInteger.TryParse(field[2..], out var step) && step > 0 && whole % step != 0)
        {
            session.Report(
                DiagnosticRules.UnevenInterval,
                span,
                step > whole
                    ? $"{field} {unit} matches once a {period}"
                    : string.Create(CultureInfo.InvariantCulture, $"{field} restarts with every {period}, so the last interval is {whole % step} {unit} long, not {step}"));
        }
    }

    private static void CheckSla(CheckSession session, ConfigValue sla)
    {
        if (sla is not ConfigMap section || section.Has("time") == section.Has("duration"))
        {
            session.Report(DiagnosticRules.BrokenSla, sla.Span?.Start, "an SLA needs exactly one of time: and duration:");
            return;
        }

        var value = section["time"] ?? section["duration"]!;
        var fields = (value as ConfigText)?.Value.Split(':') ?? [];
        if (fields.Length is not (2 or 3) || !fields.All(f => f.Length is 1 or 2 && f.All(char.IsAsciiDigit)))
        {
            session.Report(DiagnosticRules.BrokenSla, value.Span, $"{value} is not HH:MM or HH:MM:SS");
        }
    }
}
