using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http;

/// <summary>The parameters of queries. Digdag behaviour: rest-api 5, 7; the filters of lists are additions.</summary>
internal static class Parameters
{
    public static readonly QueryParameter Name = new("name", Schema.Text, "Only the one of this name");
    public static readonly QueryParameter RequiredName = new("name", Schema.Text, "Name") { IsRequired = true };
    public static readonly QueryParameter NamePattern = new("name_pattern", Schema.Text, "Only those whose name holds this text");
    public static readonly QueryParameter SearchProjectName = Flag("search_project_name", "Whether name_pattern is searched in names of projects as well");
    public static readonly QueryParameter LastId = new("last_id", Schema.Count, "Last id of the page before");
    public static readonly QueryParameter Count = new("count", Schema.Count, "The most to list");
    public static readonly QueryParameter PageSize = new("page_size", Schema.Count, "The most to list; the server has a maximum");
    public static readonly QueryParameter Order = new("order", Schema.OneOf("asc", "desc"), "Order of ids");
    public static readonly QueryParameter Revision = new("revision", Schema.Text, "Name of the revision; the latest when left out");
    public static readonly QueryParameter Project = new("project", Schema.Text, "Name of the project");
    public static readonly QueryParameter RequiredProject = Project with { IsRequired = true };
    public static readonly QueryParameter CheckedProject = Project with { Description = "Name the project has or will have" };
    public static readonly QueryParameter Workflow = new("workflow", Schema.Text, "Only of the workflow of this name");
    public static readonly QueryParameter IncludeRetried = Flag("include_retried", "Whether attempts that were retried since are listed too");
    public static readonly QueryParameter NewRevision = new("revision", Schema.Text, "Name of the new revision") { IsRequired = true };
    public static readonly QueryParameter ScheduleFrom = new("schedule_from", Schema.Time, "From when on schedules run that never ran");
    public static readonly QueryParameter ClearSchedule = new("clear_schedule", Schema.Text, "Workflow whose schedule starts anew") { Repeats = true };
    public static readonly QueryParameter ClearScheduleAll = Flag("clear_schedule_all", "Whether all schedules start anew");
    public static readonly QueryParameter DirectDownload = Flag("direct_download", "Whether the client fetches files from where they are kept, if that is elsewhere; true when left out");
    public static readonly QueryParameter PageAfter = new("page[after]", Schema.Text, "What the answer of the page before called nextPage");
    public static readonly QueryParameter PagedSize = new("page[size]", Schema.Count, "The most to list; 100 when left out, and at most");
    public static readonly QueryParameter Client = new("client", Schema.Text, "Version of the client") { IsRequired = true };
    public static readonly QueryParameter Task = new("task", Schema.Text, "How names of tasks start");
    public static readonly QueryParameter RequiredSessionTime =
        new("session_time", Schema.LocalOrTime, "A time with an offset, or a local time in the workflow's zone") { IsRequired = true };

    public static readonly QueryParameter TruncateMode = new(
        "mode", Schema.OneOf("second", "minute", "hour", "day", "schedule", "next_schedule"), "What the time is truncated to");

    public static readonly QueryParameter HistoryCount = Count with { Description = "The most to list; 50 when left out, at most 1000" };
    public static readonly QueryParameter RunCount = Count with { Description = "The most runs to look at; 20 when left out, at most 50" };
    public static readonly QueryParameter Since = new("since", Schema.Text, "The cursor to go on after; the header Last-Event-ID wins");
    public static readonly QueryParameter AttemptId = new("attempt", Schema.Id, "Only of the attempt with this id");
    public static readonly QueryParameter ProjectId = new("project", Schema.Id, "Only of the project with this id");

    public static readonly QueryParameter Status =
        new("status", Schema.OneOf("queued", "running", "success", "error", "canceled"), "Only in this state; several may be given") { Repeats = true };

    public static readonly QueryParameter From = new("from", Schema.Time, "Only session times at or after this time");
    public static readonly QueryParameter To = new("to", Schema.Time, "Only session times before this time");

    public static readonly QueryParameter MinimumDuration = new(
        "min_duration", Schema.Text, "Only those that took this long or longer, such as 90s or 1h 30m; what runs is measured until now");

    public static readonly QueryParameter MaximumDuration = new(
        "max_duration", Schema.Text, "Only those that took this long or shorter; what runs is measured until now");

    private static QueryParameter Flag(string name, string description) => new(name, Schema.Boolean, description);
}
