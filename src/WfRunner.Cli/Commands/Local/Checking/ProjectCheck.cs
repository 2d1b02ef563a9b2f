using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Configuration;
using WfRunner.Core;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;
using WfRunner.Operators;
using WfRunner.Runtime.Archives;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Projects;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>Checks a project on disk for one target or several.</summary>
/// <param name="context">Configuration and clock.</param>
/// <param name="directory">Absolute path of the project.</param>
/// <param name="parameters">The parameters given with options.</param>
internal sealed class ProjectCheck(CommandContext context, string directory, ConfigMap parameters)
{
    private const long LargestArchive = 2 * 1024 * 1024;

    /// <summary>The workflow that is asked about, as the user writes it; null for all.</summary>
    public string? Workflow { get; init; }

    /// <summary>Whether unknown keys at the top of files are told rather than refused.</summary>
    public bool AllowsUnknownKeys { get; init; }

    /// <summary>The project's name on the server, when it is not that of <c>tdx.json</c>.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Checks for each target; a finding that several share is told once.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The findings.</returns>
    /// <exception cref="WorkflowException">There is no such folder.</exception>
    public async Task<ReportedProject> RunAsync(IReadOnlyList<Target> targets, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, directory);
        }

        var request = await RequestAsync(targets, cancellationToken).ConfigureAwait(false);
        var reports = targets.Select(t => ProjectChecker.Check(request with { Target = t }, cancellationToken)).ToList();
        return new ReportedProject(OfAskedWorkflow(CheckReport.Merge(reports)), directory, context.CurrentDirectory) { Targets = targets };
    }

    private async Task<CheckRequest> RequestAsync(IReadOnlyList<Target> targets, CancellationToken cancellationToken)
    {
        var limits = HostedService.Known.Limits;
        var files = new CheckedProjectFiles(directory, targets.Contains(Target.Td) ? limits.ArchiveBytes : LargestArchive);
        var secrets = new LocalSecrets(context.SystemConfig, context.ConfigHome);
        return new CheckRequest
        {
            ProjectDirectory = directory,
            WorkflowFiles = [.. ProjectLoader.WorkflowFiles(directory)],
            Files = files,
            Operators = CheckedOperators.Of(StandardOperators.CreateRegistry(), context.SystemConfig, directory),
            Parameters = parameters,
            HasLocalSecret = key => secrets.Has(key),
            Now = context.Clock.GetCurrentInstant(),
            AllowsUnknownKeys = AllowsUnknownKeys,
            ProjectName = ProjectName ?? TdxFile.FindUpward(directory)?.ProjectName,
            MaximumTasks = TaskLimit.Of(context.SystemConfig),
            MaximumSize = LargestArchive,
            ArchiveSize = targets.Contains(Target.Td) && files.TotalSize() >= limits.ArchiveWarningBytes
                ? await PackedSizeAsync(cancellationToken).ConfigureAwait(false)
                : null,
        };
    }

    // Packing is the only way to know, and it is worth its time only when the project is large.
    private async Task<long?> PackedSizeAsync(CancellationToken cancellationToken)
    {
        var counter = new CountingStream();
        await using (counter.ConfigureAwait(false))
        {
            try
            {
                await new ArchiveWriter(directory, copiesOutgoingLinks: false, [], null, static _ => { }).WriteAsync(counter, cancellationToken).ConfigureAwait(false);
                return counter.Count;
            }
            catch (WorkflowException)
            {
                // A link that leaves the project, for example: archive and push tell about it.
                return null;
            }
        }
    }

    // Whatever stops the project is told; of the other workflows' findings only those.
    private CheckReport OfAskedWorkflow(CheckReport report)
    {
        if (Workflow is null)
        {
            return report;
        }

        var name = ProjectOption.WorkflowNameOf(Workflow, directory);
        var others = report.Workflows.Where(w => w.Name != name).Select(w => w.File).ToHashSet(StringComparer.Ordinal);
        return new CheckReport(
            [.. report.Workflows.Where(w => w.Name == name)],
            [.. report.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error || d.Span is null || !others.Contains(d.Span.File))]);
    }
}
