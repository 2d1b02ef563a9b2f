using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>Changes as nodes pass them on to each other: JSON with short names, for they travel in texts of limited length.</summary>
internal static class EventText
{
    public static ConfigMap Write(ServerEvent change) => change switch
    {
        AttemptChanged a => Head("a", a).Merge(ConfigMap.Of(
            ("i", a.Id.Value),
            ("n", a.Session.Value),
            ("w", a.WorkflowName),
            ("t", a.SessionTime.ToUnixTimeSeconds()),
            ("z", a.TimeZone.Id),
            ("d", a.IsDone),
            ("o", a.IsSuccess),
            ("c", a.IsCancelRequested),
            ("b", a.CreatedAt.ToUnixTimeMilliseconds()),
            ("f", Number(a.FinishedAt)))),
        TaskChanged t => Head("t", t).Merge(ConfigMap.Of(
            ("a", t.AttemptId.Value),
            ("n", t.Session.Value),
            ("i", t.Id.Value),
            ("m", t.FullName),
            ("u", t.ParentId?.Value ?? 0L),
            ("x", (long)t.State),
            ("g", t.IsGroup),
            ("b", t.UpdatedAt.ToUnixTimeMilliseconds()),
            ("f", Number(t.StartedAt)))),
        LogAppended l => Head("l", l).Merge(ConfigMap.Of(("a", l.AttemptId.Value), ("m", l.TaskName), ("y", l.Bytes))),
        ProjectChanged p => Head("p", p).Merge(ConfigMap.Of(("r", p.Revision ?? string.Empty), ("d", p.Revision is null))),
        ScheduleChanged s => Head("s", s).Merge(ConfigMap.Of(("i", s.Schedule.Value))),
        _ => throw new InvalidOperationException($"unknown event {change}"),
    };

    /// <summary>Reads one; null for what another version of this program may send.</summary>
    public static ServerEvent? Read(ConfigMap text)
    {
        var (site, project) = ((int)text.GetInt64("s"), new ProjectId(text.GetInt64("p")));
        return text.GetString("k") switch
        {
            "a" => new AttemptChanged(site, project, new AttemptId(text.GetInt64("i")), new SessionId(text.GetInt64("n")))
            {
                WorkflowName = text.GetString("w"),
                SessionTime = Instant.FromUnixTimeSeconds(text.GetInt64("t")),
                TimeZone = TimeZoneId.TryParse(text.GetString("z"), out var zone) ? zone : DateTimeZone.Utc,
                IsDone = text.GetBoolean("d"),
                IsSuccess = text.GetBoolean("o"),
                IsCancelRequested = text.GetBoolean("c"),
                CreatedAt = Instant.FromUnixTimeMilliseconds(text.GetInt64("b")),
                FinishedAt = Time(text.GetInt64("f")),
            },
            "t" => new TaskChanged(site, project, new AttemptId(text.GetInt64("a")), new SessionId(text.GetInt64("n")))
            {
                Id = new TaskId(text.GetInt64("i")),
                FullName = text.GetString("m"),
                ParentId = text.GetInt64("u") is > 0 and var parent ? new TaskId(parent) : null,
                State = (TaskState)text.GetInt64("x"),
                IsGroup = text.GetBoolean("g"),
                UpdatedAt = Instant.FromUnixTimeMilliseconds(text.GetInt64("b")),
                StartedAt = Time(text.GetInt64("f")),
            },
            "l" => new LogAppended(site, project, new AttemptId(text.GetInt64("a")), text.GetString("m"), text.GetInt64("y")),
            "p" => new ProjectChanged(site, project, text.GetBoolean("d") ? null : text.GetString("r")),
            "s" => new ScheduleChanged(site, project, new ScheduleId(text.GetInt64("i"))),
            _ => null,
        };
    }

    private static ConfigMap Head(string kind, ServerEvent change) =>
        ConfigMap.Of(("k", kind), ("s", (long)change.SiteId), ("p", change.Project.Value));

    private static long Number(Instant? time) => time?.ToUnixTimeMilliseconds() ?? 0;

    private static Instant? Time(long number) => number == 0 ? null : Instant.FromUnixTimeMilliseconds(number);
}
