using System.Globalization;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf push</c>: packs a project and sends it to the server. Digdag behaviour: cli-client 8.1.</summary>
internal sealed class PushCommand : ClientCommand
{
    private static readonly OptionSyntax ScheduleFrom = OptionSyntax.Value(
        "\"yyyy-MM-dd HH:mm:ss Z\"", "start schedules from this time instead of current time", "--schedule-from");

    private static readonly OptionSyntax ClearSchedule = new(
        ["--clear-schedule"], OptionKind.Rest, "WORKFLOW...", "forget the last session times of these workflows' schedules");

    private static readonly OptionSyntax ClearAllSchedules =
        OptionSyntax.Flag("forget the last session times of all schedules", "--clear-schedule-all");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "push",
        Group = CommandGroup.Client,
        Arguments = "<project> [options...]",
        Summary = "create a project archive and upload it",
        Options =
        [
            ProjectOption.Project, ProjectUpload.Revision, ScheduleFrom, ClearSchedule, ClearAllSchedules, ProjectArchive.CopyOutgoingLinks,
            .. ClientOptions.All,
        ],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["push myproj", "push myproj -r \"$(date +%Y-%m-%dT%H:%M:%S%z)\"", "push myproj --schedule-from \"2017-07-29 00:00:00 +0200\""],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var project = call.Positional[0];
        var scheduleFrom = call.Arguments.Value(ScheduleFrom) is { } from
            ? ClientTime.ToIso(ClientTime.ReadZoned(ScheduleFrom, from, call.Context))
            : null;
        var revision = call.Arguments.Value(ProjectUpload.Revision) ?? Guid.NewGuid().ToString();
        if (revision.Length == 0)
        {
            throw new UsageException("revision cannot be empty");
        }

        var (path, shown) = TemporaryArchive(call.Context.CurrentDirectory);
        try
        {
            var workflows = await ProjectArchive.CreateAsync(shown, path, call, cancellationToken).ConfigureAwait(false);
            await WriteWorkflowsAsync(workflows, call.Out).ConfigureAwait(false);
            var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var archive = File.OpenRead(path);
            await using (archive.ConfigureAwait(false))
            {
                var pushed = await client.PushAsync(
                    project,
                    revision,
                    archive,
                    scheduleFrom,
                    call.Arguments.Values(ClearSchedule),
                    call.Arguments.Has(ClearAllSchedules),
                    cancellationToken).ConfigureAwait(false);
                await ProjectUpload.WriteUploadedAsync(pushed, call).ConfigureAwait(false);
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
