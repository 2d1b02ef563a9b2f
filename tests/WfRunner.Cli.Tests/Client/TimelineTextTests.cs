using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Tests.Client;

/// <summary>Tasks over time, as bars and as rows.</summary>
public sealed class TimelineTextTests
{
    private static readonly Instant Zero = Instant.FromUtc(2025, 1, 1, 0, 0);

    // Servers tell no start of groups.
    private static readonly IReadOnlyList<TaskView> Tasks =
    [
        Task(1, "+wf", null, "planned", null, 0),
        Task(2, "+wf+done", 1, "success", 0, 5),
        Task(3, "+wf+group", 1, "planned", null, 5),
        Task(4, "+wf+group+runs", 3, "running", 5, 5),
        Task(5, "+wf+later", 1, "blocked", null, 0),
    ];

    [Fact]
    public void Bars_run_from_the_first_start_to_now() => Assert.Equal(
        [
            "+wf       ━━━━━━━━━━ 10s      planned",
            "  +done   ━━━━━      5.0s     success",
            "  +group       ━━━━━ 5.0s     planned",
            "    +runs      ━━━━━ 5.0s     running",
            "  +later                      blocked",
        ],
        Text().Bars(Tasks, width: 0, colored: false));

    [Fact]
    public void Rows_hold_name_start_end_and_state() => Assert.Equal(
        "+wf  2025-01-01 00:00:00 +0000  -  planned\n"
        + "+wf+done  2025-01-01 00:00:00 +0000  2025-01-01 00:00:05 +0000  success\n"
        + "+wf+group  2025-01-01 00:00:05 +0000  -  planned\n"
        + "+wf+group+runs  2025-01-01 00:00:05 +0000  -  running\n"
        + "+wf+later  -  -  blocked\n",
        Text().Rows(TaskSpan.Of(Tasks)));

    [Fact]
    public void Nothing_has_started_yet()
    {
        var lines = Text().Bars([Tasks[4]], width: 80, colored: true);

        Assert.Equal("blocked", Assert.Single(lines).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Empty(Text().Bars([], width: 80, colored: true));
    }

    private static TimelineText Text() => new(new CommandContext
    {
        Version = "0",
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        In = Stream.Null,
        CurrentDirectory = "/",
        SystemConfig = new Dictionary<string, string>(),
        ConfigHome = "/",
        Log = LogOutput.ToWriter(TextWriter.Null, TaskLogLevel.Info, DateTimeZone.Utc, false),
        Clock = new Standing(Zero + Duration.FromSeconds(10)),
        SystemTimeZone = DateTimeZone.Utc,
    });

    private static TaskView Task(long id, string name, long? parent, string state, int? start, int updated) => new()
    {
        Id = id,
        FullName = name,
        ParentId = parent,
        Upstreams = [],
        State = state,
        Config = ConfigMap.Empty,
        ExportParams = ConfigMap.Empty,
        StoreParams = ConfigMap.Empty,
        StateParams = ConfigMap.Empty,
        Error = ConfigMap.Empty,
        StartedAt = start is { } seconds ? Zero + Duration.FromSeconds(seconds) : null,
        UpdatedAt = Zero + Duration.FromSeconds(updated),
    };

    private sealed class Standing(Instant now) : IClock
    {
        public Instant GetCurrentInstant() => now;
    }
}
