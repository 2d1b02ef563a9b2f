using NodaTime;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Operators;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Checking;

/// <summary>Each finding of <c>wf check</c>: where it is found, and where nothing must be found.</summary>
public sealed class ProjectCheckerTests
{
    private static readonly OperatorDescription[] Operators =
    [
        new("echo", "Shows a text.", new OperatorParameter("_command", ParameterType.Text, "The text."), []),
        new("sh", "Runs a script.", new OperatorParameter("_command", ParameterType.Text, "The script.", Required: true) { ResolvesSecrets = true },
            [new OperatorParameter("shell", ParameterType.List, "The shell.")]),
        new("py", "Runs Python.", new OperatorParameter("_command", ParameterType.Text, "The function."), []) { TakesAnyParameter = true, StoresAnyParameter = true },
        new("loop", "Repeats.", new OperatorParameter("_command", ParameterType.Integer, "How often.", Required: true),
            [new OperatorParameter("_do", ParameterType.Tasks, "What.", Required: true), new OperatorParameter("_parallel", ParameterType.Any, "Side by side.")]),
        new("for_each", "Repeats.", new OperatorParameter("_command", ParameterType.Map, "Values.", Required: true),
            [new OperatorParameter("_do", ParameterType.Tasks, "What.", Required: true)]),
        new("if", "Decides.", new OperatorParameter("_command", ParameterType.Boolean, "The condition.", Required: true),
            [new OperatorParameter("_do", ParameterType.Tasks, "Then."), new OperatorParameter("_else_do", ParameterType.Tasks, "Else.")]),
        new("call", "Calls.", new OperatorParameter("_command", ParameterType.Text, "The file.", Required: true), []),
        new("require", "Requires.", new OperatorParameter("_command", ParameterType.Text, "The workflow.", Required: true), [
            new OperatorParameter("project_name", ParameterType.Text, "Another project.")]),
        new("td", "Queries.", new OperatorParameter("_command", ParameterType.File, "The query.") { IsTemplate = true }, [
            new OperatorParameter("database", ParameterType.Text, "The database.", Required: true),
            new OperatorParameter("store_last_results", ParameterType.Boolean, "Keep the first row."),
            new OperatorParameter("engine", ParameterType.Text, "The engine.")]) { Stores = ["td"] },
    ];

    public static TheoryData<string, string> Findings => new()
    {
        // loading
        { "+a: {echo>: \"x}", "WF0101 1:16" },
        { "+a: {echo>: 1}\n+a: {echo>: 2}\n+b:\n  x: 1\n  x: 2", "WF0102 2:1, WF0102 5:3, WF0208 5:3" },
        { "+a: {echo>: !foo x}", "WF0103 1:13" },
        { "- a", "WF0104 1:1" },
        { "~: x\n+a: {echo>: 1}", "WF0105 1:1" },
        { "!include : none.dig\n+a: {echo>: 1}", "WF0106 1:12" },
        { "!include : ../x.dig", "WF0107 1:12" },
        { "!include : wf.dig", "WF0107 1:12" },

        // definition and compiler
        { "foo: 1\nretries: 3\n+a: {echo>: 1}", "WF0706 1:1, WF0706 2:1" },
        { "+a:", "WF0202 1:1" },
        { "timezone: JST", "WF0203 1:11" },
        { "+a b: {echo>: 1}\n+g:\n  +c d: {echo>: 1}", "WF0205 1:1, WF0205 3:3" },
        { "+a: {echo>: 1, sh>: x}", "WF0206 1:16" },
        { "+a:\n  echo>: 1\n  +b: {echo>: 2}", "WF0207 3:3" },
        { "+a:\n  paralel: true\n  +b: {echo>: 1}", "WF0208 2:3" },
        { "+g:\n  +x:\n", "WF0209 2:3" },
        { "+a:\n  +b: {echo>: 1, _after: [+c]}", "WF0210 2:18" },
        { "+a:\n  _parallel: true\n  +b: {echo>: 1}\n  +c: {echo>: 1, _after: [+d]}", "WF0211 4:27" },
        { "+a: {_parallel: 1, +b: {echo>: 1}}", "WF0212 1:17" },
        { "+a:\n  echo>: 1\n  _error:\n    echo>: 1\n    sh>: 2", "WF0206 5:5" },

        // operators
        { "+a: {ehco>: 1}", "WF0713 1:6" },
        { "+a: {sh>: x, shel: [bash]}", "WF0302 1:14" },
        { "+a: {sh>: x, shell: bash}", "WF0303 1:21" },
        { "+a: {loop>: many, _do: {echo>: 1}}", "WF0303 1:13" },
        { "+a: {loop>: 3}", "WF0304 1:6" },
        { "+a: {sh>: }", "WF0304 1:6" },
        { "+a: {td>: q.sql}", "WF0304 1:6" },
        { "+a:\n  loop>: 2\n  _do:\n    echo>: 1\n    +x: {echo>: 2}", "WF0207 5:5" },

        // files and references
        { "+a: {td>: r.sql, database: d}", "WF0401 1:11" },
        { "+a: {td>: ../q.sql, database: d}", "WF0405 1:11" },
        { "+a: {py>: tasks.lod.run}", "WF0401 1:11" },
        { "+a: {py>: task.load.run}\n+b: {py>: tasks.nothing.at.all}", "WF0401 2:11" },
        { "+a: {call>: none}", "WF0402 1:13" },
        { "+a: {require>: none}", "WF0403 1:16" },
        { "+a: {call>: wf}", "WF0404 1:13" },

        // templates and variables
        { "+a: {echo>: \"x ${a b} y\"}", "WF0501 1:16" },
        { "+a: {sh>: \"echo ${HOME:-x}\"}", "WF0501 1:17" },
        { "+a: {echo>: \"x ${nope} ${nope.x}\"}", "WF0502 1:16, WF0502 1:24" },
        { "+a:\n  echo>: |\n    x\n    ${nope}\n", "WF0502 4:5" },
        { "_export: {x: \"${nope}\"}\n+a: {echo>: 1}", "WF0502 1:15" },
        { "+a: {loop>: 2, _do: {echo>: \"${i} ${j}\"}}", "WF0502 1:35" },
        { "+a: {for_each>: {x: [1]}, _do: {echo>: \"${x} ${y}\"}}", "WF0502 1:46" },
        { "+a:\n  +b: {_export: {v: 1}, echo>: \"${v}\"}\n  +c: {echo>: \"${v}\"}", "WF0502 3:16" },
        { "+a: {echo>: \"${error.message}\", _error: {echo>: \"${error.message}\"}}", "WF0502 1:14" },
        { "+a: {py>: x.y}\n+b: {echo>: \"${anything} ${sesion_date}\"}", "WF0502 2:26" },
        { "+a: {echo>: \"${last_session_date}\"}", "WF0505 1:14" },
        { "+a: {_retry: \"${n}\", +b: {echo>: 1}}", "WF0503 1:14" },
        { "+a: {echo>: \"${a\"}", "WF0504 1:14" },
        { "+a: {td>: bad.sql, database: d}", "WF0502 bad.sql 2:6" },

        // schedules
        { "schedule: {dayly>: 07:00:00}", "WF0601 1:12" },
        { "schedule: {cron>: '0 0 31 2 *'}", "WF0603 1:11" },
        { "schedule: {cron>: 'x'}", "WF0601 1:19" },
        { "schedule: {daily>: 07:00:00, strat: 2016-01-01}", "WF0602 1:30" },
        { "schedule: {daily>: 07:00:00, end: 2016-01-01}", "WF0604 1:11" },
        { "timezone: America/Los_Angeles\nschedule: {daily>: 07:00:00}", "WF0605 2:1" },
        { "timezone: America/Los_Angeles\nschedule: {cron>: '30 2 * * *'}", "WF0605 2:1" },
        { "schedule: {minutes_interval>: 7}", "WF0606 1:31" },
        { "schedule: {cron>: '*/45 * * * *'}", "WF0606 1:19" },
        { "schedule: {daily>: 25:00:00}", "WF0607 1:20" },
        { "schedule: {monthly>: '31,07:00:00'}", "WF0608 1:22" },
        { "timezone: UTC+9\nschedule: {daily>: 07:00:00}", "WF0609 2:11" },
        { "sla: {duration: 1h}", "WF0610 1:17" },
        { "sla: {fail: true}", "WF0610 1:6" },
        { "schedule: {daily>: 07:00:00, skip_delayed_by: 30}", "WF0611 1:47" },

        // secrets
        { "+a: {echo>: \"${secret:known}\"}", "WF0737 1:14" },
        { "+a: {sh>: \"echo ${word:x}\"}", "WF0801 1:17" },
        { "+a: {sh>: \"echo ${secret:unknown}\"}", "WF0802 1:17" },
        { "+a: {sh>: x, _env: {1X: y}}", "WF0803 1:21" },

        // settings, limits, traps
        { "+a: {_check: {echo>: 1}, schedule: {}, +b: {echo>: 1}}", "WF0901 1:6, WF0901 1:26" },
        { "_check: {echo>: 1}\n+b: {echo>: 1}", "WF0901 1:1" },
        { "+a: {_disable: true, nonsense>: 1}", "WF0902 1:6" },
        { "+a: {echo>: 010}", "WF0903 1:13" },
        { "_export: {x>: 1}\n+b: {echo>: 1}", "WF0904 1:11" },
        { "+a: {loop>: 40, _do: {+x: {for_each>: {y: [1, 2, 3, 4, 5]}, _do: {echo>: 1}}}}", "WF0731 1:6" },
        { string.Concat(Enumerable.Range(0, 101).Select(i => $"+t{i}: {{echo>: 1}}\n")), "WF0730 1:1" },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void A_problem_is_found_where_it_stands(string text, string findings) => Assert.Equal(findings, string.Join(", ", Check(text).Diagnostics.Select(Shown)));

    [Theory]
    [InlineData("+a: {echo>: \"${session_date} ${moment(session_time).add(1, 'days').format('YYYY')} ${last_executed_session_date}\"}")]
    [InlineData("schedule: {daily>: 00:00:00}\n+a: {echo>: \"${last_session_time} ${next_session_date}\"}")]
    [InlineData("+a: {m: hi, echo>: \"${m}\"}")]
    [InlineData("+a: {echo>: \"${[1, 2].map(function (x) { var y = x; return y * 2 })} ${typeof z == 'undefined' ? 1 : z} ${q = 1} ${q}\"}")]
    [InlineData("+a: {echo>: \"${given} $$ ${'$'}{literal} $HOME\"}")]
    [InlineData("+a: {td>: q.sql, database: d, store_last_results: true}\n+b: {echo>: \"${td.last_results.x}\"}")]
    [InlineData("_export: {td: {database: d}}\n+a: {td>: q.sql}\n+b: {td>: {data: select 1}}")]
    [InlineData("+a: {td>: bad.sql, database: d, nope: 1}")]
    [InlineData("_export: {x: 1}\n+a: {call>: sub/called}")]
    [InlineData("+a: {call>: sub/storing}\n+b: {echo>: \"${td.last_results.x}\"}")]
    [InlineData("+a: {_type: \"${session_date}\", x: 1}")]
    [InlineData("+a: {td>: q.sql, td: {database: d}}")]
    [InlineData("+a: {for_each>: {x: [1]}, _do: {+b: {loop>: 2, _do: {echo>: \"${x} ${i}\"}}}}")]
    [InlineData("+a: {for_each>: \"${session_date}\", _do: {echo>: \"${whatever}\"}}")]
    [InlineData("+a: {py>: tasks.load.run}\n+b: {py>: numpy.load}")]
    [InlineData("+a: {py>: a.b, any: 1, other: \"${session_id}\"}")]
    [InlineData("+a: {if>: \"${session_id > 3}\", _do: {echo>: 1}, _else_do: {+x: {echo>: 2}}}")]
    [InlineData("+a: {require>: other, project_name: elsewhere}")]
    [InlineData("+a: {sh>: \"x ${secret:known}\", _env: {A: \"${secret:known}\"}, _retry: 3, _check: {echo>: 1}, _error: {echo>: \"${error.message}\"}}")]
    [InlineData("sla: {time: 10:00}\nschedule: {cron>: '*/15 9-17 * * 1-5', start: 2016-01-01, skip_delayed_by: 10m, skip_on_overtime: true}")]
    [InlineData("timezone: Asia/Tokyo\nschedule: {hourly>: '30:00'}")]
    [InlineData("+a: {_parallel: {limit: 2}, +b: {echo>: 0x10}, +c: {echo>: 0, _after: [+b]}}")]
    public void Sound_files_have_no_findings(string text) => Assert.Empty(Check(text).Diagnostics.Select(Shown));

    [Fact]
    public void Advice_names_what_was_probably_meant()
    {
        Assert.Equal("Did you mean echo>?", Check("+a: {ehco>: 1}").Diagnostics.Single().Advice);
        Assert.Equal("Did you mean session_date?", Check("+a: {echo>: \"${sesion_date}\"}").Diagnostics.Single().Advice);
        Assert.Equal("Did you mean q.sql?", Check("+a: {td>: qq.sql, database: d}").Diagnostics.Single().Advice);
        Assert.Equal("Names of tasks start with a plus: write +step.", Check("+a:\n  step: {echo>: 1}").Diagnostics.Single().Advice);
        Assert.Equal("A task name of digits is read as a number: write \"+1\" in quotation marks.", Check("+1: {echo>: 1}").Diagnostics.Single().Advice);
    }

    [Fact]
    public void What_is_only_called_never_stops_the_project()
    {
        var report = Check("+a: {call>: broken}");

        Assert.Equal(["WF0706 broken.dig 1:1"], report.Diagnostics.Select(Shown));
        Assert.Equal(0, report.Count(DiagnosticSeverity.Error));
    }

    [Fact]
    public void The_next_five_runs_are_told()
    {
        var runs = Check("timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}").Workflows.Single().NextRuns;

        Assert.Equal(5, runs.Count);
        Assert.Equal(Instant.FromUtc(2026, 3, 4, 22, 0), runs[0].RunTime);
        Assert.Equal(Instant.FromUtc(2026, 3, 4, 15, 0), runs[0].Time);
    }

    [Fact]
    public void Every_rule_has_a_code_of_its_own_and_a_test()
    {
        Assert.Equal(DiagnosticRules.All.Count, DiagnosticRules.All.Select(r => r.Code).Distinct().Count());
        Assert.Equal(typeof(DiagnosticRules).GetFields().Length + typeof(TargetRules).GetFields().Length, DiagnosticRules.All.Count);
        Assert.Equal(DiagnosticRules.All.Select(r => r.Code).Order(StringComparer.Ordinal), DiagnosticRules.All.Select(r => r.Code));
        var tested = string.Join(", ", Findings.Select(f => f.Data.Item2).Concat(TargetTests.Findings.Select(f => f.Data.Item2 + f.Data.Item3 + f.Data.Item4)));
        string[] elsewhere = ["WF0108", "WF0109", "WF0204", "WF0733", "WF0734"];
        Assert.Equal([], DiagnosticRules.All.Select(r => r.Code).Except(elsewhere).Where(c => !tested.Contains(c, StringComparison.Ordinal)));
    }

    [Fact]
    public void Files_names_and_sizes_have_findings_too()
    {
        Assert.Equal(["WF0109 1:504"], Check("+a: " + new string('[', 1000)).Diagnostics.Select(Shown));
        Assert.Contains("WF0733", Check("+a: {echo>: " + new string('x', 3_000_000) + "}").Diagnostics.Select(d => d.Rule.Code));
        var request = Request("+a: {echo>: 1}");
        var named = ProjectChecker.Check(request with { Files = new CheckedMemoryFiles(("1x.dig", "+a: {echo>: 1}")), WorkflowFiles = [MemoryFiles.Root + "/1x.dig"] }, TestContext.Current.CancellationToken);
        Assert.Equal(["WF0204 1x.dig 1:1"], named.Diagnostics.Select(Shown));
    }

    private static CheckReport Check(string text) => ProjectChecker.Check(Request(text));

    private static CheckRequest Request(string text) => new()
    {
        ProjectDirectory = MemoryFiles.Root,
        WorkflowFiles = [MemoryFiles.Root + "/wf.dig"],
        Files = new CheckedMemoryFiles(
            ("wf.dig", text),
            ("q.sql", "SELECT '${session_date}'"),
            ("bad.sql", "SELECT\n  1, ${nope}"),
            ("sub/storing.dig", "+a: {td>: {data: select 1}, database: d}"),
            ("tasks/load.py", "def run(): pass"),
            ("broken.dig", "foo: 1\n+a: {echo>: 1}"),
            ("sub/called.dig", "+a: {echo>: \"${x} ${_workdir}\"}")),
        Operators = Operators,
        Parameters = ConfigMap.Of(("given", "x")),
        HasLocalSecret = key => key == "known",
        Now = Instant.FromUtc(2026, 3, 4, 5, 6, 7),
        MaximumTasks = 100,
    };

    private static string Shown(Diagnostic finding) => finding.Span is not { } span
        ? finding.Rule.Code
        : $"{finding.Rule.Code} {(span.File == "wf.dig" ? string.Empty : span.File + " ")}{span.Line}:{span.Column}";
}
