using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Sync;
using WfRunner.Runtime.Archives;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf download</c>: unpacks a revision of a project here. Digdag behaviour: cli-client 8.4.</summary>
internal sealed class DownloadCommand : ClientCommand
{
    private static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "specific revision name (default: latest)", "-r", "--revision");
    private static readonly OptionSyntax Output = OptionSyntax.Value("DIR", "extract contents to this directory (default: name of the project)", "-o", "--output");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "download",
        Group = CommandGroup.Client,
        Arguments = "<project> [options...]",
        Summary = "download a project archive and extract it",
        Options = [Revision, Output, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["download myproj", "download myproj -o output", "download myproj -r rev20161106"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var name = call.Positional[0];
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false);
        var revision = call.Arguments.Value(Revision) ?? project.Revision;
        var shown = call.Arguments.Value(Output) ?? name;
        using var archive = await ServerRevision.OpenAsync(client, project.Id, revision, cancellationToken).ConfigureAwait(false);
        var directory = Path.GetFullPath(shown, call.Context.CurrentDirectory);
        Directory.CreateDirectory(directory);
        await ArchiveExtractor.ExtractAsync(
            archive,
            directory,
            ArchiveLimits.Generous,
            entry => call.Out.WriteLine($"  {shown}/{entry.Path}" + (entry.LinkTarget is { } target ? $" -> {target}" : string.Empty)),
            cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync($"Extracted project '{name}' revision '{revision}' to {shown}.").ConfigureAwait(false);
    }
}
