using CsCheck;
using NodaTime;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Templates;
using WfRunner.Core.Tests.Checking;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Fuzz;

/// <summary>Whatever stands in a file, reading it ends, and ends in a value or in an error with a place.</summary>
public sealed class BadInputTests
{
    private static readonly string[] Files =
    [
        """
        timezone: Asia/Tokyo
        schedule:
          daily>: 07:00:00
          start: 2016-01-01
        _export:
          td: {database: x, engine: presto}
          list: [1, 2.5, "three", ~, true]
          text: |
            a
             b
          folded: >-
            c
            d
        +a:
          _parallel: {limit: 2}
          +b: {echo>: "${session_date} ${moment(session_time).format('YYYY')}", _retry: 3}
          +c:
            for_each>: &x {v: [1, 2], w: *y}
            _do: {sh>: 'echo ${v}', _env: {K: "${secret:k}"}}
            _error: {fail>: "it''s"}
        """,
        "a: &y [b, &z {c: d}]\ne:\n  <<: *z\n  ? [f, g]\n  : !!str 1\n!include : i.dig\nh: !include i.dig\n",
        "%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\n- !e!int 1\n- \"\\x41\\u00e9\\U0001F600\\\n  x\"\n- 0x1F\n- 1:30.5\n...\n",
        "+x: {call>: i, _after: [+a], _background: true}\nsla: {time: 10:00}\n_error: {echo>: ${error.message}}\n",
    ];

    private static readonly string[] Expressions =
    [
        "x ${a} ${b.c[0]} $$ ${secret:k} ${(function (x) { return x * 2 })(3)} ${'a'.replaceAll('a', 'b')}",
        "${moment(session_time).add(1, 'days').format('YYYY-MM-DD')} ${{a: [1, 2]}} ${/[a-z]+/.test(a) ? `t${1}` : null}",
        "${a", "${}", "${typeof q == 'undefined' || q instanceof Date}", "${new Date(0).getTime() + parseInt('7', 8)}", "${for}", "${a => a}",
    ];

    private static readonly string[] Schedules =
    [
        "cron>: '*/15 9-17,22 1,L jan-mar mon-fri|0 0 29 2 *'", "daily>: 07:00:00", "hourly>: '30:00'", "weekly>: 'Mon-Fri,25:00:00'",
        "monthly>: '31,-1:00:00'", "minutes_interval>: 7", "seconds_interval>: 90\n  delay: 99999999999", "_type: cron\n  _command: '0 0 30 2 *'",
        "daily>: 00:00:00\n  start: 2016-02-30\n  end: 2016-01-01\n  skip_delayed_by: 1d 2h\n  skip_on_overtime: yes",
    ];

    private static readonly string[] Zones = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "+09:00", "UTC+9", "Africa/Casablanca", "Pacific/Apia"];

    private static readonly TemplateEvaluator Templates = new();

    [Fact]
    public void Any_file_is_read_or_refused_with_a_place() => MutatedText.Of(Files).Sample(
        text => Refused(() => DigFile.ReadConfig(Project(text), MemoryFiles.Root + "/wf.dig"), needsPlace: true), iter: MutatedText.Iterations);

    [Fact]
    public void Any_file_is_compiled_or_refused() => MutatedText.Of(Files).Sample(
        text => Refused(() => WorkflowCompiler.Compile(DigFile.ReadWorkflow(Project(text), MemoryFiles.Root + "/wf.dig", "wf")), needsPlace: false),
        iter: MutatedText.Iterations);

    [Fact]
    public void Any_project_is_checked() => Gen.Select(MutatedText.Of(Files), MutatedText.Of(Files)).Sample(
        (text, called) =>
        {
            var report = ProjectChecker.Check(new CheckRequest
            {
                ProjectDirectory = MemoryFiles.Root,
                WorkflowFiles = [MemoryFiles.Root + "/wf.dig"],
                Files = new CheckedMemoryFiles(("wf.dig", text), ("i.dig", called)),
                Operators = [],
                Now = Instant.FromUtc(2026, 3, 4, 5, 6),
            });
            var sound = Sound(() => WorkflowCompiler.Compile(DigFile.ReadWorkflow(Project(text, called), MemoryFiles.Root + "/wf.dig", "wf")))
                && Sound(() => SchedulerFactory.Create(Read(text, called).Config, DateTimeZone.Utc)?.FirstScheduleTime(Instant.FromUtc(2026, 3, 4, 5, 6)));

            // What stops Digdag is an error here, and nothing else is.
            Assert.Equal(sound, report.Count(Core.Diagnostics.DiagnosticSeverity.Error) == 0);
        },
        iter: MutatedText.Iterations / 2);

    [Fact]
    public void Any_template_is_evaluated_or_refused() => MutatedText.Of(Expressions).Sample(
        text => Refused(
            () => Templates.EvaluateText(text, ConfigMap.Of(("a", "A"), ("b", ConfigMap.Of(("c", new ConfigList([1]))))).With("session_time", "2016-01-01T00:00:00+00:00")),
            needsPlace: false),
        iter: MutatedText.Iterations / 2);

    [Fact]
    public void Any_schedule_is_calculated_or_refused() => Gen.Select(MutatedText.Of(Schedules), Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]), Gen.Long[0, 4_102_444_800]).Sample(
        (text, zone, second) =>
        {
            Refused(
                () =>
                {
                    var config = DigFile.ReadConfig(Project("schedule:\n  " + text + "\n"), MemoryFiles.Root + "/wf.dig");
                    Assert.True(TimeZoneId.TryParse(zone, out var timeZone));
                    var moment = Instant.FromUnixTimeSeconds(second);
                    if (SchedulerFactory.Create(config, timeZone) is { } scheduler)
                    {
                        scheduler.FirstScheduleTime(moment);
                        scheduler.NextScheduleTime(moment);
                        scheduler.LastScheduleTime(moment);
                    }

                    return config;
                },
                needsPlace: false);
        },
        iter: MutatedText.Iterations / 2);

    private static WorkflowDefinition Read(string text, string called) => DigFile.ReadWorkflow(Project(text, called), MemoryFiles.Root + "/wf.dig", "wf");

    private static MemoryFiles Project(string text, string included = "p: {q: 1}") => new(("wf.dig", text), ("i.dig", included));

    private static bool Sound<T>(Func<T> read)
    {
        try
        {
            read();
            return true;
        }
        catch (WorkflowException)
        {
            return false;
        }
    }

    private static void Refused<T>(Func<T> read, bool needsPlace)
    {
        try
        {
            read();
        }
        catch (WorkflowException e)
        {
            Assert.True(!needsPlace || e.Span is { Line: > 0, Column: > 0 }, $"without a place: {e.Message}");
            Assert.NotEmpty(e.Message);
        }
    }
}
