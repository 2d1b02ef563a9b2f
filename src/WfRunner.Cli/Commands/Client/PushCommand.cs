using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Sync;
using WfRunner.Cli.Configuration;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Dig;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// <c>wf push</c>: packs a project and sends it to the server. With a name as Digdag does (cli-client 8.1); without one for the project of
/// the nearest <c>tdx.json</c>, with a difference and a question.
/// </summary>
internal sealed class PushCommand : ClientCommand
{
    private static readonly OptionSyntax ScheduleFrom = OptionSyntax.Value(
        "\"yyyy-MM-dd HH:mm:ss Z\"", "start schedules from this time instead of current time", "--schedule-from");

    private static readonly OptionSyntax ClearSchedule = new(
        ["--clear-schedule"], OptionKind.Rest, "WORKFLOW...", "forget the last session times of these workflows' schedules");

    private static readonly OptionSyntax ClearAllSchedules =
        OptionSyntax.Flag("forget the last session times of all schedules", "--clear-schedule-all");

    private static readonly OptionSyntax SkipSchedule =
        OptionSyntax.Flag("let schedules that changed go on from now (hosted service; its default)", "--skip-schedule");

    private static readonly OptionSyntax NoSkipSchedule =
        OptionSyntax.Flag("let schedules that changed go on from their last session (hosted service)", "--no-skip-schedule");

    private static readonly OptionSyntax Diff = OptionSyntax.Flag("show what changes on the server; without a project's name it is shown anyway", "--diff");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "push",
        Group = CommandGroup.Client,
        Arguments = "[project] [options...]",
        Summary = "create a project archive and upload it",
        Options =
        [
            ProjectOption.Project, ProjectUpload.Revision, ScheduleFrom, ClearSchedule, ClearAllSchedules, SkipSchedule, NoSkipSchedule,
            ProjectArchive.CopyOutgoingLinks, Diff, SyncedPush.DryRun, Confirmation.Yes, SyncedPush.SkipValidation, TargetOption.AllowUnknownKeys,
            .. ClientOptions.All,
        ],
        MaximumArguments = 1,
        Examples =
        [
            "push myproj",
            "push myproj -r \"$(date +%Y-%m-%dT%H:%M:%S%z)\"",
            "push myproj --schedule-from \"2017-07-29 00:00:00 +0200\"",
            "push --dry-run",
            "push --yes --site jp01",
        ],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var request = RequestOf(call);
        if (call.Arguments.HasEmptyPositional && request.Project.Length == 0)
        {
            throw new UsageException("project name cannot be empty");
        }

        if (request.Project.Length == 0)
        {
            var file = TdxFile.FindUpward(ProjectOption.DirectoryOf(call.Arguments, call.Context)) is { ProjectName: not null } found
                ? found
                : throw new CommandLineException(
                    $"No {TdxFile.Name} found\n> Choose the project of this folder with `{call.Context.ProgramName} use PROJECT`, or name it: {call.Context.ProgramName} push PROJECT");
            await new SyncedPush(call, file.Directory, request with { Project = file.ProjectName! }).RunAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var option in (OptionSyntax[])[SyncedPush.DryRun, SyncedPush.SkipValidation])
        {
            if (call.Arguments.Has(option))
            {
                throw new UsageException($"{option.Name} is for a push without a project's name");
            }
        }

        await PushNamedAsync(call, request, cancellationToken).ConfigureAwait(false);
    }

    private static PushRequest RequestOf(ClientCall call)
    {
        var arguments = call.Arguments;
        var revision = arguments.Value(ProjectUpload.Revision) ?? Guid.NewGuid().ToString();
        if (revision.Length == 0)
        {
            throw new UsageException("revision cannot be empty");
        }

        if (arguments.Has(SkipSchedule) && arguments.Has(NoSkipSchedule))
        {
            throw new UsageException("--skip-schedule and --no-skip-schedule can't be set together");
        }

        return new PushRequest(call.Positional.Count > 0 ? call.Positional[0] : string.Empty, revision)
        {
            HasRevisionOfItsOwn = !arguments.Has(ProjectUpload.Revision),
            ScheduleFrom = arguments.Value(ScheduleFrom) is { } from ? ClientTime.ToIso(ClientTime.ReadZoned(ScheduleFrom, from, call.Context)) : null,
            ClearSchedules = arguments.Values(ClearSchedule),
            ClearsAllSchedules = arguments.Has(ClearAllSchedules),
            SkipSchedule = arguments.Has(SkipSchedule) ? true : arguments.Has(NoSkipSchedule) ? false : call.IsHosted ? true : null,
        };
    }

    private static async Task PushNamedAsync(ClientCall call, PushRequest request, CancellationToken cancellationToken)
    {
        var (path, shown) = TemporaryArchive(call.Context.CurrentDirectory);
        try
        {
            var dialect = call.IsHosted ? DialectRules.Of(Core.Target.Td) : DialectRules.Digdag;
            WorkflowClient? client = null;
            var workflows = await ProjectArchive.CreateAsync(shown, path, call, dialect, KnowsTriggersAsync, cancellationToken).ConfigureAwait(false);
            await WriteWorkflowsAsync(workflows, call.Out).ConfigureAwait(false);
            client ??= await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
            if (call.Arguments.Has(Diff))
            {
                await SyncedPush.WriteDiffAsync(call, client, request.Project, path, cancellationToken).ConfigureAwait(false);
            }

            var archive = File.OpenRead(path);
            await using (archive.ConfigureAwait(false))
            {
                var pushed = await client.PushAsync(request, archive, cancellationToken).ConfigureAwait(false);
                await ProjectUpload.WriteUploadedAsync(pushed, call).ConfigureAwait(false);
            }

            async Task<bool> KnowsTriggersAsync(CancellationToken cancellation)
            {
                client = await call.ConnectAsync(cancellation).ConfigureAwait(false);
                return await client.KnowsTriggersAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Digdag prints the absolute path when it has just made the folder, else the relative one; scripts compare its output.
    private static (string Path, string Shown) TemporaryArchive(string currentDirectory)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"archive-{Random.Shared.NextInt64(long.MaxValue)}.tar.gz");
        var folder = Path.Combine(currentDirectory, ".digdag", "tmp");
        try
        {
            var existed = Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, name);
            File.Create(path).Dispose();
            return (path, existed ? $".digdag/tmp/{name}" : path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var path = Path.Combine(Path.GetTempPath(), name);
            return (path, path);
        }
    }

    private static async Task WriteWorkflowsAsync(IReadOnlyList<string> workflows, TextWriter output)
    {
        await output.WriteLineAsync("Workflows:").ConfigureAwait(false);
        foreach (var workflow in workflows)
        {
            await output.WriteLineAsync($"  {workflow}").ConfigureAwait(false);
        }

        if (workflows.Count == 0)
        {
            await output.WriteAsync(
                """
                  WARNING: This project doesn't include workflows. Usually, this is a mistake.
                           Please make sure that all *.dig files are on the top directory.
                           *.dig files in subdirectories are not recognized as workflows.


                """).ConfigureAwait(false);
        }
    }
}
