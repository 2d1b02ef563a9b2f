using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf revisions</c>: lists the revisions of a project.</summary>
internal sealed class RevisionsCommand : ClientCommand
{
    private const int DefaultCount = 100;

    private static readonly OptionSyntax Count = OptionSyntax.Value("N", $"number of revisions to list (default: {DefaultCount})", "--count");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "revisions",
        Group = CommandGroup.Client,
        Arguments = "[project] [options...]",
        Summary = "show the revisions of a project, the newest first",
        Options = [Count, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["revisions myproj", "revisions myproj --count 500 --tsv"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var count = call.Arguments.Int32(Count) ?? DefaultCount;
        var name = call.Positional.Count > 0 ? call.Positional[0] : await CurrentProject.RequireAsync(call).ConfigureAwait(false);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false);
        var revisions = await client.ListRevisionsAsync(project.Id, count, cancellationToken).ConfigureAwait(false);
        await ListOutput.WriteAsync(
            call,
            [.. revisions.Select(r => r.Json)],
            ListColumns.Revisions,
            output => output.WriteAsync(string.Concat(revisions.Select(r => $"{ClientTime.ToLocal(r.CreatedAt, call.Context)}  {r.Name}\n"))),
            cancellationToken).ConfigureAwait(false);
    }
}
