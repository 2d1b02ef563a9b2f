using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Local.Checking;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>A push that looks first: it checks the project, shows what will change on the server, asks, and remembers the revision.</summary>
/// <param name="call">Options and streams.</param>
/// <param name="directory">Absolute path of the project.</param>
/// <param name="request">Project, revision and schedules.</param>
internal sealed class SyncedPush(ClientCall call, string directory, PushRequest request)
{
    public static readonly OptionSyntax DryRun = OptionSyntax.Flag("show what would change and push nothing", "-d", "--dry-run");
    public static readonly OptionSyntax SkipValidation = OptionSyntax.Flag("push although the project has errors", "--skip-validation");

    /// <summary>Whether a project that exists already is another one than the user means.</summary>
    public bool MustBeNew { get; init; }

    /// <summary>Runs the push.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandLineException">The project has errors, or the user does not want it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await ValidateAsync(client, cancellationToken).ConfigureAwait(false);
        using var temporary = new TemporaryDirectory();
        var archive = temporary.PathOf("archive.tar.gz");
        await ProjectArchive.PackAsync(directory, archive, call, added: null, cancellationToken).ConfigureAwait(false);
        var project = await client.FindProjectAsync(request.Project, cancellationToken).ConfigureAwait(false);
        if (MustBeNew && project is not null)
        {
            throw new CommandLineException($"Project '{request.Project}' exists already; push to it with `{call.Context.ProgramName} push {request.Project}`");
        }

        var diff = await CompareAsync(client, project, archive, temporary, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync($"Project: {request.Project}{(project is null ? " (new)" : string.Empty)}").ConfigureAwait(false);
        new DiffText(diff, UsesColor(call)).Write(call.Out);
        WarnOfOthers(project);
        if (call.Arguments.Has(DryRun))
        {
            await call.Out.WriteLineAsync("Dry run - nothing pushed").ConfigureAwait(false);
        }
        else if (project is not null && diff.IsEmpty && request.HasRevisionOfItsOwn)
        {
            await call.Out.WriteLineAsync("Nothing changed - nothing pushed (--revision NAME pushes nevertheless)").ConfigureAwait(false);
        }
        else if (await IsWantedAsync(cancellationToken).ConfigureAwait(false))
        {
            await PushAsync(client, archive, diff.After, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            throw new CommandLineException("canceled.");
        }
    }

    /// <summary>Shows what an archive changes on the server.</summary>
    /// <param name="call">The streams.</param>
    /// <param name="client">The server.</param>
    /// <param name="projectName">Name of the project, which may be new.</param>
    /// <param name="archive">Absolute path of the archive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteDiffAsync(ClientCall call, WorkflowClient client, string projectName, string archive, CancellationToken cancellationToken)
    {
        using var temporary = new TemporaryDirectory();
        var project = await client.FindProjectAsync(projectName, cancellationToken).ConfigureAwait(false);
        new DiffText(await CompareAsync(client, project, archive, temporary, cancellationToken).ConfigureAwait(false), UsesColor(call)).Write(call.Out);
    }

    /// <summary>Whether differences are coloured.</summary>
    public static bool UsesColor(ClientCall call) => call.Context.Terminal?.IsColored == true;

    private static async Task<ProjectDiff> CompareAsync(
        WorkflowClient client, ProjectInfo? project, string archive, TemporaryDirectory temporary, CancellationToken cancellationToken)
    {
        var before = await ServerRevision.FetchAsync(client, project, project?.Revision ?? string.Empty, temporary.PathOf("before"), cancellationToken).ConfigureAwait(false);
        var packed = File.OpenRead(archive);
        await using (packed.ConfigureAwait(false))
        {
            return new ProjectDiff(before, await ServerRevision.UnpackAsync(packed, temporary.PathOf("after"), cancellationToken).ConfigureAwait(false));
        }
    }

    // Errors stop the push; of the rest the counts are enough.
    private async Task ValidateAsync(WorkflowClient client, CancellationToken cancellationToken)
    {
        var targets = TargetOption.Find(call.Arguments, directory)?.Targets ?? [await ServerTargetAsync(client, cancellationToken).ConfigureAwait(false)];
        var check = new ProjectCheck(call.Context, directory, ConfigMap.Empty)
        {
            ProjectName = request.Project,
            AllowsUnknownKeys = call.Arguments.Has(TargetOption.AllowUnknownKeys),
        };
        var checkedProject = await check.RunAsync(targets, cancellationToken).ConfigureAwait(false);
        var words = string.Join(" and ", targets.Select(TargetWord.Of));
        var errors = checkedProject.Report.Count(DiagnosticSeverity.Error);
        var warnings = checkedProject.Report.Count(DiagnosticSeverity.Warning);
        if (errors > 0)
        {
            new DiagnosticText(checkedProject, refusal: null, call.Context.ErrorUsesColor).Write(call.Error);
            if (!call.Arguments.Has(SkipValidation))
            {
                throw new CommandLineException(string.Create(
                    CultureInfo.InvariantCulture, $"Nothing is pushed: {errors} error{(errors == 1 ? string.Empty : "s")} for {words}. --skip-validation pushes nevertheless."));
            }
        }
        else if (warnings > 0)
        {
            await call.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{warnings} warning{(warnings == 1 ? string.Empty : "s")} for {words}; show them with `{call.Context.ProgramName} check --target {string.Join(',', targets.Select(TargetWord.Of))}`")).ConfigureAwait(false);
        }
    }

    private async Task<Target> ServerTargetAsync(WorkflowClient client, CancellationToken cancellationToken) => call.IsHosted
        ? Target.Td
        : await client.KnowsTriggersAsync(cancellationToken).ConfigureAwait(false) ? Target.Wf : Target.Digdag;

    private void WarnOfOthers(ProjectInfo? project)
    {
        if (project is not null && SyncRecord.Read(directory, request.Project) is { } record && record.Revision != project.Revision)
        {
            call.Error.Write($"warning: the server's revision {project.Revision} is not the one that this folder was in step with, {record.Revision}: the push replaces what others changed\n");
        }
    }

    private async Task<bool> IsWantedAsync(CancellationToken cancellationToken) => call.Arguments.Has(Confirmation.Yes)
        || !Confirmation.IsPossible
        || await Confirmation.AskAsync(call, $"Push to {request.Project} on {call.Endpoint.Host}?", cancellationToken).ConfigureAwait(false);

    private async Task PushAsync(WorkflowClient client, string archive, ProjectSnapshot files, CancellationToken cancellationToken)
    {
        var packed = File.OpenRead(archive);
        await using (packed.ConfigureAwait(false))
        {
            var pushed = await client.PushAsync(request, packed, cancellationToken).ConfigureAwait(false);
            SyncRecord.Write(directory, request.Project, pushed.Revision, files);
            await ProjectUpload.WriteUploadedAsync(pushed, call).ConfigureAwait(false);
        }
    }
}
