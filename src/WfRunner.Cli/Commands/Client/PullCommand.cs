using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Sync;
using WfRunner.Cli.Configuration;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf pull</c>: brings a project's files here, keeps what was changed here, and remembers the revision.</summary>
internal sealed class PullCommand : ClientCommand
{
    private const string DefaultFolder = "workflows";

    private static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "specific revision name (default: latest)", "-r", "--revision");
    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("show what would change here and change nothing", "-d", "--dry-run");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "pull",
        Group = CommandGroup.Client,
        Arguments = "[project] [directory] [options...]",
        Summary = "bring the files of a project here, and follow its changes",
        Options = [Revision, DryRun, Confirmation.Yes, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["pull myproj", "pull myproj etl --revision rev20161106", "pull --dry-run"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var name = call.Positional.Count > 0 ? call.Positional[0] : await CurrentProject.RequireAsync(call).ConfigureAwait(false);
        var directory = DirectoryOf(call, name);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false);
        var revision = call.Arguments.Value(Revision) ?? project.Revision;
        using var temporary = new TemporaryDirectory();
        var files = await ServerRevision.FetchAsync(client, project, revision, temporary.PathOf("files"), cancellationToken).ConfigureAwait(false);
        var plan = PullPlan.Of(directory, SyncRecord.Read(directory, name), files);
        var shown = Shown(call, directory);
        await call.Out.WriteLineAsync($"Project: {name}, revision {revision}, to {shown}").ConfigureAwait(false);
        new DiffText(plan.Diff, SyncedPush.UsesColor(call)).Write(call.Out);
        if (call.Arguments.Has(DryRun))
        {
            await call.Out.WriteLineAsync("Dry run - nothing changed").ConfigureAwait(false);
            return;
        }

        if (plan.ChangedHere.Count > 0)
        {
            await call.Error.WriteLineAsync("Changed here since the last pull or push:\n" + string.Concat(plan.ChangedHere.Select(p => $"  {p}\n")).TrimEnd('\n')).ConfigureAwait(false);
            await Confirmation.RequireAsync(call, "Replace these files by the server's?", cancellationToken).ConfigureAwait(false);
        }

        Directory.CreateDirectory(directory);
        plan.Apply(directory);
        if (TdxFile.In(directory)?.ProjectName != name)
        {
            TdxFile.Write(directory, name);
        }

        SyncRecord.Write(directory, name, revision, files);
        await call.Out.WriteLineAsync($"Pulled project '{name}' revision '{revision}' to {shown}.").ConfigureAwait(false);
    }

    // A folder that is the project already; else a folder of its own below the current one.
    private static string DirectoryOf(ClientCall call, string name)
    {
        var current = call.Context.CurrentDirectory;
        if (call.Positional.Count > 1)
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(call.Positional[1], current));
        }

        if (TdxFile.FindUpward(current) is { } file && file.ProjectName == name)
        {
            return file.Directory;
        }

        return TdxFile.In(current) is null && ProjectLoader.WorkflowFiles(current).Any() ? current : Path.Combine(current, DefaultFolder, name);
    }

    private static string Shown(ClientCall call, string directory) => Path.GetRelativePath(call.Context.CurrentDirectory, directory) switch
    {
        "." => "the current directory",
        var path => path,
    };
}
