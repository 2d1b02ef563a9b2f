using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf delete</c>: deletes a project, after asking. Digdag behaviour: cli-client 8.19.</summary>
internal sealed class DeleteCommand : ClientCommand
{
    private static readonly OptionSyntax Force = OptionSyntax.Flag("skip the question", "--force", "-y", "--yes");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "delete",
        Group = CommandGroup.Client,
        Arguments = "<project> [options...]",
        Summary = "delete a project",
        Options = [Force, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["delete myproj", "delete myproj --force"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var name = call.Positional[0];
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteAsync(
            $"""
            Project:
              id: {project.Id}
              name: {project.Name}
              latest revision: {project.Revision}
              created at: {ClientTime.ToLocal(project.CreatedAt, call.Context)}
              last updated at: {ClientTime.ToLocal(project.UpdatedAt, call.Context)}

            """).ConfigureAwait(false);
        if (!call.Arguments.Has(Force) && !await Confirmation.AskAsync(call, "Are you sure you want to delete this project?", cancellationToken).ConfigureAwait(false))
        {
            throw new CommandLineException("canceled.");
        }

        await client.DeleteProjectAsync(project.Id, cancellationToken).ConfigureAwait(false);
        await call.Error.WriteLineAsync($"Project '{name}' is deleted.").ConfigureAwait(false);
    }
}
