using WfRunner.Cli.CommandLine;
using WfRunner.Client.Models;
using WfRunner.Core;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf upload</c>: sends a finished archive to the server. Digdag behaviour: cli-client 8.3.</summary>
internal sealed class UploadCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "upload",
        Group = CommandGroup.Client,
        Arguments = "<path.tar.gz> <project> [options...]",
        Summary = "upload a project archive",
        Options = [ProjectUpload.Revision, .. ClientOptions.All],
        MinimumArguments = 2,
        MaximumArguments = 2,
        Examples = ["upload etl.tar.gz etl -r v7"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (file, project) = (call.Positional[0], call.Positional[1]);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var path = Path.GetFullPath(file, call.Context.CurrentDirectory);
        if (!File.Exists(path))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, file);
        }

        var archive = File.OpenRead(path);
        await using (archive.ConfigureAwait(false))
        {
            var revision = call.Arguments.Value(ProjectUpload.Revision) ?? Guid.NewGuid().ToString();
            var request = new PushRequest(project, revision) { HasRevisionOfItsOwn = !call.Arguments.Has(ProjectUpload.Revision) };
            var pushed = await client.PushAsync(request, archive, cancellationToken).ConfigureAwait(false);
            await ProjectUpload.WriteUploadedAsync(pushed, call).ConfigureAwait(false);
        }
    }
}
