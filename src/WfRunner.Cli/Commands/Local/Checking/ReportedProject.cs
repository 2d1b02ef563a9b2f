using WfRunner.Core;
using WfRunner.Core.Checking;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>A checked project and how its files are called where the report is read.</summary>
/// <param name="Report">The findings.</param>
/// <param name="Directory">Absolute path of the project.</param>
/// <param name="CurrentDirectory">Absolute path of the directory that shown paths start in.</param>
internal sealed record ReportedProject(CheckReport Report, string Directory, string CurrentDirectory)
{
    /// <summary>The targets that it was checked for.</summary>
    public IReadOnlyList<Target> Targets { get; init; } = [];

    /// <summary>The words for a finding's targets where there were several to check: <c> [td]</c>; else nothing.</summary>
    public string TargetsOf(Diagnostic finding) =>
        Targets.Count > 1 ? $" [{string.Join(", ", finding.Targets.Select(TargetWord.Of))}]" : string.Empty;

    /// <summary>The path of a finding's file as people and CI can open it: relative to the current directory, with <c>/</c>.</summary>
    public string PathOf(SourceSpan span) => PathOf(span.File);

    /// <summary>The path of a file of the project as people and CI can open it.</summary>
    public string PathOf(string file)
    {
        var path = Path.GetFullPath(file, Directory);
        return Path.GetRelativePath(CurrentDirectory, path).Replace('\\', '/');
    }

    /// <summary>The word for a severity.</summary>
    public static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };
}
