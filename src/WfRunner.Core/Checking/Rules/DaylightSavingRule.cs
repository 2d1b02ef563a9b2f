using System.Globalization;
using NodaTime;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Checking.Rules;

/// <summary>
/// Compares the runs around the next changes of clocks with those of a week earlier. Digdag behaviour: schedules 5.6, where runs
/// are shifted, lost or doubled.
/// </summary>
internal static class DaylightSavingRule
{
    private static readonly Duration Ahead = Duration.FromDays(370);

    // Schedules that come more often than this are not compared: an hour more or less changes how many runs a day has, and no more.
    private const int MostRuns = 30;

    public static void Check(CheckSession session, IScheduler scheduler, SourceSpan? span)
    {
        var zone = scheduler.TimeZone;
        foreach (var interval in zone.GetZoneIntervals(session.Request.Now, session.Request.Now + Ahead))
        {
            if (!interval.HasEnd || zone.GetZoneInterval(interval.End).WallOffset == interval.WallOffset)
            {
                continue;
            }

            var change = interval.End.InZone(zone).Date;
            if (RunsOf(scheduler, zone, change) is { } runs && RunsOf(scheduler, zone, change.PlusDays(-7)) is { } usual && !runs.SequenceEqual(usual))
            {
                session.Report(DiagnosticRules.DaylightSaving, span, $"on {Shown(change)}, when clocks change in {zone.Id}, it runs {Shown(runs)} instead of {Shown(usual)}");
                return;
            }
        }
    }

    private static List<LocalTime>? RunsOf(IScheduler scheduler, DateTimeZone zone, LocalDate date)
    {
        var from = date.AtStartOfDayInZone(zone).ToInstant();
        var to = date.PlusDays(1).AtStartOfDayInZone(zone).ToInstant();
        var runs = new List<LocalTime>();
        for (var next = scheduler.FirstScheduleTime(from); next is { } run && run.RunTime < to; next = scheduler.NextScheduleTime(run.Time))
        {
            if (runs.Count == MostRuns)
            {
                return null;
            }

            runs.Add(run.RunTime.InZone(zone).TimeOfDay);
        }

        return runs;
    }

    private static string Shown(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static string Shown(List<LocalTime> runs) => runs.Count switch
    {
        0 => "not at all",
        <= 3 => "at " + string.Join(", ", runs.Select(r => r.ToString("HH:mm", CultureInfo.InvariantCulture))),
        var count => string.Create(CultureInfo.InvariantCulture, $"{count} times"),
    };
}
