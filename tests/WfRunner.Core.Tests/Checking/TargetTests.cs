using NodaTime;
using WfRunner.Core.Checking;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Checking;

/// <summary>Which construct is valid where: each finding with its severity for the hosted service, for Digdag and for wf.</summary>
public sealed class TargetTests
{
    private const string Trigger = "trigger: {attempt>: , dependent_workflow_name: a, dependent_project_name: p}\n";
    private const string Image = "_export: {docker: {image: treasuredata/customscript-python:3.12.11-td1}}\n";

    private static readonly string[] Names =
    [
        "echo", "sh", "rb", "embulk", "param_get", "param_set", "loop", "for_each", "for_range", "call", "require", "td", "td_run",
        "td_for_each", "td_result_export", "td_partial_delete", "mail", "wait", "http", "http_call",
    ];

    private static readonly OperatorDescription[] Operators =
    [
        .. Names.Select(n => new OperatorDescription(n, "Does something.", new OperatorParameter("_command", ParameterType.Any, "Any."), []) { TakesAnyParameter = true }),
        new("td_wait", "Waits.", new OperatorParameter("_command", ParameterType.Any, "Any."), [new OperatorParameter("wait_timeout", ParameterType.Text, "How long.")]),
        new("py", "Runs Python.", new OperatorParameter("_command", ParameterType.Text, "The function."), []) { TakesAnyParameter = true, StoresAnyParameter = true },
    ];

    /// <summary>A file; then the findings for td, digdag and wf, each with severity and place.</summary>
    public static TheoryData<string, string, string, string> Findings => new()
    {
        // trigger and other keys at the top
        { Trigger + "+a: {echo>: 1}", "", "WF0701 error 1:1", "" },
        { "trigger: {finish>: , dependent_workflow_name: a, dependent_project_name: p}\n+a: {echo>: 1}", "WF0702 error 1:11", "WF0701 error 1:1", "WF0702 error 1:11" },
        { "trigger: {dependent_workflow_name: a, dependent_project_name: p}\n+a: {echo>: 1}", "WF0702 error 1:1", "WF0701 error 1:1", "WF0702 error 1:1" },
        { "trigger: daily\n+a: {echo>: 1}", "WF0702 error 1:1", "WF0701 error 1:1", "WF0702 error 1:1" },
        { "trigger: {attempt>: , dependent_workflow_name: a}\n+a: {echo>: 1}", "WF0703 error 1:1", "WF0701 error 1:1", "WF0703 error 1:1" },
        { "trigger: {attempt>: , dependent_workflow_name: 7, dependent_project_name: p}\n+a: {echo>: 1}", "WF0703 error 1:48", "WF0701 error 1:1", "WF0703 error 1:48" },
        { "trigger: {attempt>: , dependent_workflow_name: wf, dependent_project_name: mine}\n+a: {echo>: 1}", "WF0704 warning 1:1", "WF0701 error 1:1", "WF0704 error 1:1" },
        { Trigger + "schedule: {daily>: 07:00:00}\n+a: {echo>: 1}", "WF0705 warning 1:1", "WF0701 error 1:1", "" },
        { "trigger: {attempt>: , dependent_workflow_name: a, dependent_project_name: p, delay: 5m}\n+a: {echo>: 1}", "WF0706 warning 1:78", "WF0701 error 1:1", "WF0706 warning 1:78" },
        { "retries: 3\n+a: {echo>: 1}", "WF0706 warning 1:1", "WF0706 error 1:1", "WF0706 error 1:1" },

        // operators
        { "+a: {sh>: date}", "WF0710 error 1:6", "", "" },
        { "+a: {echo>: 1, _error: {sh>: date}}", "WF0710 error 1:25", "", "" },
        { "+a: {_type: embulk, _command: x}\n+b: {rb>: x}\n+c: {param_get>: x}\n+d: {param_set>: x}", "WF0710 error 1:6, WF0710 error 2:6, WF0710 error 3:6, WF0710 error 4:6", "", "" },
        { "+a: {snowflake>: q.sql}\n+b: {s3_copy>: , source: x}", "", "WF0711 error 1:6, WF0711 error 2:6", "WF0711 warning 1:6, WF0711 warning 2:6" },
        { "+a: {ipynb>: {notebook: x}}", "", "WF0711 error 1:6", "WF0711 warning 1:6" },
        { "+a: {td_partial_delete>: t}", "WF0712 warning 1:6", "", "" },
        { "+a: {nope>: t}", "WF0713 warning 1:6", "WF0713 warning 1:6", "WF0713 warning 1:6" },
        { "+a: {emr>: x}", "WF0710 error 1:6", "", "WF0713 warning 1:6" },
        { "+a: {td>: q.sql, download_file: r.csv}", "WF0714 error 1:18", "", "" },

        { "_export: {td: {download_file: r.csv}}\n+a: {td>: q.sql}\n+b: {td_run>: q}", "WF0714 error 1:31", "", "" },

        // containers
        { "+a: {py>: m.f}", "WF0720 error 1:6", "", "" },
        { Image + "+a: {py>: m.f}\n+b: {+c: {py>: m.f}}", "", "", "" },
        { "+a: {py>: m.f, docker: {image: '${image}'}, image: x}\n+b: {_export: {docker: '${all}', all: x}, py>: m.f}", "", "", "" },
        { "+a: {py>: m.f, docker: {image: python:3.11}}", "WF0721 warning 1:32", "", "" },
        { "+a: {py>: m.f, docker: {image: 'digdag/digdag-python:3.9'}}\n+b: {py>: m.f, docker: {image: 'digdag/digdag-python:3.7.3-stretch'}}", "WF0722 warning 1:32, WF0722 warning 2:32", "", "" },
        { Image + "+a: {py>: m.f, docker: {resource_level: '4'}, s3_get: x}", "", "WF0723 warning 2:41, WF0723 warning 2:47", "WF0723 warning 2:41, WF0723 warning 2:47" },

        // mail
        { "+a: {mail>: x, from: a@b}", "WF0724 warning 1:22", "WF0739 note 1:6", "WF0739 note 1:6" },
        { "_export: {mail: {from: a@b, host: h}}\n+a: {mail>: x}", "WF0724 warning 1:24", "", "" },
        { "+a: {mail>: x, host: h}", "", "WF0725 warning 1:6", "WF0725 warning 1:6" },
        { "+a: {mail>: x, from: a@b, host: h, attach_files: [{path: x}]}", "WF0724 warning 1:22, WF0726 warning 1:36", "", "" },

        // the td family
        { "+a: {td_wait>: q.sql, wait_timeout: 120s}", "", "WF0727 warning 1:23", "" },
        { "+a: {td_result_export>: 123, result_connection: c, result_settings: {}}", "", "WF0728 error 1:25", "" },
        { "+a: {td_result_export>: , job_id: 1, result_connection: c, result_settings: {}}", "", "", "" },

        // limits
        { string.Concat(Enumerable.Range(0, 1001).Select(i => $"+t{i}: {{echo>: 1}}\n")), "WF0730 error 1:1", "WF0730 warning 1:1", "WF0730 warning 1:1" },
        { $"+a: {{loop>: 40, _do: {{+x: {{for_each>: {{y: [{string.Join(", ", Enumerable.Range(0, 30))}]}}, _do: {{echo>: 1}}}}}}}}", "WF0731 error 1:6", "WF0731 warning 1:6", "WF0731 warning 1:6" },
        { "+a: {td_for_each>: q.sql, _do: {echo>: 1}}", "WF0731 note 1:6", "", "" },
        { Nested(640), "", "", "" },
        { Nested(641), "WF0732 error 3:6", "", "" },
        { "+a: {wait>: 2d}\n+b: {wait>: 24h}\n+c: {td_wait>: q.sql, wait_timeout: 25h}", "WF0735 warning 1:13, WF0735 warning 3:37", "WF0727 warning 3:23", "" },
        { "+a: {_retry: 3, +b: {echo>: 1}}\n+c: {_retry: 3, echo>: 1}", "WF0736 note 1:6", "", "" },
        { Image + "+a: {py>: m.f, key: '${secret:x}'}\n+b: {py>: m.f, _env: {K: '${secret:x}'}}", "WF0737 warning 2:22", "WF0737 warning 2:22", "WF0737 warning 2:22" },
        { "+a: {_parallel: {limit: 11}, +b: {echo>: 1}}\n+c: {_parallel: {limit: 10}, +b: {echo>: 1}}", "WF0738 note 1:6", "", "" },
        { "+a: {loop>: 31, _parallel: true, _do: {echo>: 1}}\n+b: {loop>: 30, _parallel: true, _do: {echo>: 1}}", "WF0738 note 1:17", "", "" },
        { "+a:\n  _parallel: true\n" + string.Concat(Enumerable.Range(0, 31).Select(i => $"  +t{i}: {{echo>: 1}}\n")), "WF0738 note 2:3", "", "" },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void A_construct_is_judged_by_target(string text, string td, string digdag, string wf) => Assert.Equal(
        (td, digdag, wf), (Shown(text, Target.Td), Shown(text, Target.Digdag), Shown(text, Target.Wf)));

    [Theory]
    [InlineData("a b", "WF0734 error", "", "WF0734 warning")]
    [InlineData("a&b", "WF0734 error", "", "WF0734 warning")]
    [InlineData("a.b", "WF0734 warning", "", "WF0734 warning")]
    [InlineData("1a", "WF0734 error", "WF0734 error", "WF0734 error")]
    [InlineData("+a", "WF0734 error", "WF0734 error", "WF0734 error")]
    [InlineData("a-b_9", "", "", "")]
    public void A_projects_name_is_judged_by_target(string name, string td, string digdag, string wf)
    {
        Assert.Equal((td, digdag, wf), (Of(Target.Td), Of(Target.Digdag), Of(Target.Wf)));

        string Of(Target target) => Shown(Request("+a: {echo>: 1}") with { Target = target, ProjectName = name });
    }

    [Fact]
    public void A_workflows_name_is_judged_by_target()
    {
        var request = Request(string.Empty) with
        {
            Files = new CheckedMemoryFiles(("a&b.dig", "+a: {echo>: 1}")),
            WorkflowFiles = [MemoryFiles.Root + "/a&b.dig"],
        };

        Assert.Equal("WF0734 error 1:1", Shown(request with { Target = Target.Td }));
        Assert.Equal(string.Empty, Shown(request with { Target = Target.Digdag }));
    }

    [Theory]
    [InlineData(8_999_999, "")]
    [InlineData(9_000_000, "WF0733 warning")]
    [InlineData(10_000_000, "WF0733 warning")]
    [InlineData(10_000_001, "WF0733 error")]
    public void The_hosted_service_counts_the_packed_archive(long packed, string finding) =>
        Assert.Equal(finding, Shown(Request("+a: {echo>: 1}") with { Target = Target.Td, ArchiveSize = packed }));

    [Fact]
    public void Digdag_counts_the_files()
    {
        var request = Request("# " + new string('x', 2_100_000) + "\n+a: {echo>: 1}");

        Assert.Equal("WF0733 error", Shown(request with { Target = Target.Digdag }));
        Assert.Equal("WF0733 warning", Shown(request));
        Assert.Equal(string.Empty, Shown(request with { Target = Target.Td }));
    }

    [Fact]
    public void Unknown_keys_can_be_allowed_but_never_for_Digdag()
    {
        var request = Request("retries: 3\n+a: {echo>: 1}") with { AllowsUnknownKeys = true };

        Assert.Equal("WF0706 warning 1:1", Shown(request));
        Assert.Equal("WF0706 error 1:1", Shown(request with { Target = Target.Digdag }));
    }

    [Fact]
    public void What_several_targets_find_is_told_once_with_all_of_them()
    {
        var request = Request("+a: {nope>: 1}\n+b: {sh>: x}");
        var merged = CheckReport.Merge([ProjectChecker.Check(request with { Target = Target.Td }, TestContext.Current.CancellationToken), ProjectChecker.Check(request with { Target = Target.Digdag }, TestContext.Current.CancellationToken)]);

        Assert.Equal(["WF0713 Td,Digdag", "WF0710 Td"], merged.Diagnostics.Select(d => $"{d.Rule.Code} {string.Join(',', d.Targets)}"));
    }

    [Fact]
    public void Every_rule_about_the_hosted_service_names_its_source() =>
        Assert.All(TargetRules.All, rule => Assert.NotEmpty(HostedService.Known.SourceOf(rule.Code)!));

    [Fact]
    public void A_trigger_takes_no_part_in_the_tasks()
    {
        var definition = Core.Dig.DigFile.ReadWorkflow(
            new MemoryFiles(("wf.dig", Trigger + "+a: {echo>: 1}")), MemoryFiles.Root + "/wf.dig", "wf", Core.Dig.DialectRules.Of(Target.Wf));

        Assert.Equal(("p", "a"), (definition.Trigger!.ProjectName, definition.Trigger.WorkflowName));
        Assert.Equal(["+a"], definition.Config.Keys);
    }

    // Loops add "^sub+loop-9" to the name of what they repeat.
    private static string Nested(int bytes)
    {
        var name = new string('x', 210);
        var used = $"+wf+{name}+{name}^sub+loop-9+".Length;
        return $"+{name}:\n  +{name}: {{loop>: 10, _do:\n    {{+{new string('y', bytes - used)}: {{echo>: 1}}}}}}\n";
    }

    private static string Shown(string text, Target target) => Shown(Request(text) with { Target = target });

    private static string Shown(CheckRequest request) =>
        string.Join(", ", ProjectChecker.Check(request, TestContext.Current.CancellationToken).Diagnostics.Where(d => d.Rule.Code is not ("WF0802" or "WF0401")).Select(Shown));

    private static string Shown(Diagnostic finding)
    {
        var severity = finding.Severity.ToString().ToLowerInvariant();
        return finding.Span is { } span ? $"{finding.Rule.Code} {severity} {span.Line}:{span.Column}" : $"{finding.Rule.Code} {severity}";
    }

    private static CheckRequest Request(string text) => new()
    {
        ProjectDirectory = MemoryFiles.Root,
        WorkflowFiles = [MemoryFiles.Root + "/wf.dig"],
        Files = new CheckedMemoryFiles(("wf.dig", text), ("q.sql", "SELECT 1")),
        Operators = Operators,
        ProjectName = "mine",
        HasLocalSecret = _ => false,
        Now = Instant.FromUtc(2026, 3, 4, 5, 6, 7),
    };
}
