using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Sync;
using WfRunner.Cli.Configuration;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf clone</c>: pushes the files of a folder as a new project.</summary>
internal sealed class CloneCommand : ClientCommand
{
    private static readonly OptionSyntax Name = OptionSyntax.Value("NAME", "name of the new project (required)", "--name");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "clone",
        Group = CommandGroup.Client,
        Arguments = "[directory] --name NAME [options...]",
        Summary = "push the files of a project under another name",
        Options =
        [
            Name, ProjectUpload.Revision, ProjectArchive.CopyOutgoingLinks, SyncedPush.DryRun, Confirmation.Yes, SyncedPush.SkipValidation,
            TargetOption.AllowUnknownKeys, .. ClientOptions.All,
        ],
        MaximumArguments = 1,
        Examples = ["clone --name etl_test", "clone workflows/etl --name etl_copy --yes"],
    };

    /// <inheritdoc/>
    protected override Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var name = call.Arguments.Value(Name) is { Length: > 0 } given ? given : throw new UsageException("--name option is required");
        var current = call.Context.CurrentDirectory;
        var directory = call.Positional.Count > 0
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(call.Positional[0], current))
            : TdxFile.FindUpward(current)?.Directory ?? current;
        var request = new PushRequest(name, call.Arguments.Value(ProjectUpload.Revision) ?? Guid.NewGuid().ToString())
        {
            HasRevisionOfItsOwn = !call.Arguments.Has(ProjectUpload.Revision),
            SkipSchedule = call.IsHosted ? true : null,
        };
        return new SyncedPush(call, directory, request) { MustBeNew = true }.RunAsync(cancellationToken);
    }
}
