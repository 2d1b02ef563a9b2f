using System.Text.Json;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Scheduling;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>Findings and workflows as one JSON object, and findings as SARIF 2.1.0.</summary>
internal static class DiagnosticJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<DiagnosticRule, int> Indexes =
        DiagnosticRules.All.Select((rule, index) => (rule, index)).ToDictionary(p => p.rule, p => p.index);

    /// <summary>The report of this program's own form.</summary>
    /// <param name="project">The findings.</param>
    /// <param name="ok">Whether the command will succeed.</param>
    public static string Write(ReportedProject project, bool ok) => WriteWith(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", ok);
        WriteTargets(json, project.Targets);
        json.WriteStartObject("summary");
        json.WriteNumber("errors", project.Report.Count(DiagnosticSeverity.Error));
        json.WriteNumber("warnings", project.Report.Count(DiagnosticSeverity.Warning));
        json.WriteNumber("notes", project.Report.Count(DiagnosticSeverity.Note));
        json.WriteEndObject();
        json.WriteStartArray("workflows");
        foreach (var workflow in project.Report.Workflows)
        {
            WriteWorkflow(json, project, workflow);
        }

        json.WriteEndArray();
        json.WriteStartArray("diagnostics");
        foreach (var finding in project.Report.Diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Rule.Code);
            json.WriteString("severity", ReportedProject.Word(finding.Severity));
            json.WriteString("title", finding.Rule.Title);
            json.WriteString("message", finding.Message);
            json.WriteString("advice", finding.Advice);
            WriteTargets(json, finding.Targets);
            if (finding.Span is { } span)
            {
                json.WriteString("file", project.PathOf(span));
                json.WriteNumber("line", span.Line);
                json.WriteNumber("column", span.Column);
                json.WriteNumber("endLine", span.EndLine);
                json.WriteNumber("endColumn", span.EndColumn);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The report as SARIF, which code scanners and editors read.</summary>
    /// <param name="project">The findings.</param>
    /// <param name="version">This program's version.</param>
    public static string WriteSarif(ReportedProject project, string version) => WriteWith(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "wf");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (var rule in DiagnosticRules.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Code);
            json.WriteString("name", string.Concat(rule.Title.Split(' ').Select(w => char.ToUpperInvariant(w[0]) + w[1..])));
            WriteText(json, "shortDescription", rule.Title);
            WriteText(json, "fullDescription", rule.Explanation);
            WriteText(json, "help", rule.Advice);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", ReportedProject.Word(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (var finding in project.Report.Diagnostics)
        {
            WriteResult(json, project, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string WriteWith(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteWorkflow(Utf8JsonWriter json, ReportedProject project, CheckedWorkflow workflow)
    {
        json.WriteStartObject();
        json.WriteString("name", workflow.Name);
        json.WriteString("file", project.PathOf(workflow.File));
        if (workflow.Tasks is { } tasks)
        {
            json.WriteNumber("tasks", tasks.Count);
        }

        if (workflow.Definition is { } definition)
        {
            json.WriteString("timezone", definition.TimeZone.Id);
            if (definition.Config["schedule"] is { IsNull: false } schedule)
            {
                json.WritePropertyName("schedule");
                json.WriteRawValue(ConfigJson.Write(schedule));
                json.WriteStartArray("nextRuns");
                foreach (var run in workflow.NextRuns)
                {
                    json.WriteStartObject();
                    json.WriteString("sessionTime", Shown(run.Time));
                    json.WriteString("runTime", Shown(run.RunTime));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            string Shown(Instant time) => SessionTimeText.Iso(time, definition.TimeZone);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string property, string text)
    {
        json.WriteStartObject(property);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ReportedProject project, Diagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Code);
        json.WriteNumber("ruleIndex", Indexes[finding.Rule]);
        json.WriteString("level", ReportedProject.Word(finding.Severity));
        WriteText(json, "message", $"{finding.Message} - {finding.Advice}");
        json.WriteStartArray("locations");
        if (finding.Span is { } span)
        {
            json.WriteStartObject();
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", string.Join('/', project.PathOf(span).Split('/').Select(Uri.EscapeDataString)));
            json.WriteEndObject();
            json.WriteStartObject("region");
            json.WriteNumber("startLine", span.Line);
            json.WriteNumber("startColumn", span.Column);
            json.WriteNumber("endLine", span.EndLine);
            json.WriteNumber("endColumn", span.EndColumn);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("properties");
        WriteTargets(json, finding.Targets);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTargets(Utf8JsonWriter json, IReadOnlyList<Target> targets)
    {
        json.WriteStartArray("targets");
        foreach (var target in targets)
        {
            json.WriteStringValue(TargetWord.Of(target));
        }

        json.WriteEndArray();
    }
}
