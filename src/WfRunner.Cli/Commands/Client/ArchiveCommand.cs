using WfRunner.Cli.CommandLine;
using WfRunner.Core.Dig;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf archive</c>: packs a project into a file. Digdag behaviour: cli-client 8.2.</summary>
internal sealed class ArchiveCommand : ClientCommand
{
    private const string DefaultOutput = "digdag.archive.tar.gz";

    private static readonly OptionSyntax Output =
        OptionSyntax.Value("ARCHIVE.tar.gz", $"output path (default: {DefaultOutput})", "-o", "--output");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "archive",
        Group = CommandGroup.Client,
        Arguments = "[options...]",
        Summary = "create a project archive",
        Options = [ProjectOption.Project, Output, TargetOption.Target, ProjectArchive.CopyOutgoingLinks],
        Examples = ["archive", "archive --project etl -o etl.tar.gz"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var output = call.Arguments.Value(Output) ?? DefaultOutput;
        var path = Path.GetFullPath(output, call.Context.CurrentDirectory);
        await ProjectArchive.CreateAsync(output, path, call, DialectOf(call), knowsTriggers: null, cancellationToken).ConfigureAwait(false);
        var program = call.Context.ProgramName;
        await call.Out.WriteAsync(
            $"""
            Created {output}.
            Use `{program} upload <path.tar.gz> <project> <revision>` to upload it a server.

              Examples:
                $ {program} upload {output} $(basename $(pwd)) -r $(date +%Y%m%d-%H%M%S)
                $ {program} upload {output} $(git rev-parse --abbrev-ref HEAD) -r $(git rev-parse HEAD)


            """).ConfigureAwait(false);
    }

    private static DialectRules DialectOf(ClientCall call) => TargetOption.Find(call.Arguments, ProjectOption.DirectoryOf(call.Arguments, call.Context)) is { } named
        ? DialectRules.Of(TargetOption.Single(named.Targets))
        : DialectRules.Digdag;
}
