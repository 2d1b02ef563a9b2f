using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Models;

/// <summary>What a check of a project found, with the words of <c>wf check</c>.</summary>
internal static class CheckModels
{
    public static readonly Model<Diagnostic> Diagnostic = new Model<Diagnostic>("Diagnostic", "Something found in a project")
        .Text("code", d => d.Rule.Code)
        .Field("severity", Schema.OneOf("error", "warning", "note"), d => Word(d.Severity))
        .Text("title", d => d.Rule.Title)
        .Text("message", d => d.Message)
        .Text("advice", d => d.Advice)
        .TextOrNull("file", d => d.Span?.File)
        .Field("line", Schema.Nullable(Schema.Count), d => OrNull(d.Span?.Line))
        .Field("column", Schema.Nullable(Schema.Count), d => OrNull(d.Span?.Column))
        .Field("endLine", Schema.Nullable(Schema.Count), d => OrNull(d.Span?.EndLine))
        .Field("endColumn", Schema.Nullable(Schema.Count), d => OrNull(d.Span?.EndColumn));

    public static readonly Model<CheckReport> Report = new Model<CheckReport>("CheckReport", "What a check of a project found")
        .Flag("ok", r => r.Count(DiagnosticSeverity.Error) == 0)
        .Count("errors", r => r.Count(DiagnosticSeverity.Error))
        .Count("warnings", r => r.Count(DiagnosticSeverity.Warning))
        .Count("notes", r => r.Count(DiagnosticSeverity.Note))
        .ListOf("diagnostics", Diagnostic, r => r.Diagnostics);

    public static readonly IReadOnlyList<IModel> All = [Diagnostic, Report];

    private static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };

    private static ConfigValue OrNull(int? number) => number is { } value ? (long)value : ConfigNull.Instance;
}
