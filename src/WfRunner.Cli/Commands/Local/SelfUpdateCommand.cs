using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Local;

/// <summary>
/// <c>wf selfupdate</c>: explains how to update. Digdag replaces its own file by one that it downloads; this program is installed by
/// whoever installs programs on the machine, so it leaves that to them (cli-local 14).
/// </summary>
internal sealed class SelfUpdateCommand : ICommand
{
    private static readonly OptionSyntax Endpoint = OptionSyntax.Value("URL", null, "-e", "--endpoint");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "selfupdate",
        Group = CommandGroup.Local,
        Arguments = "[version]",
        Summary = "explain how to update this program",
        Options = [Endpoint],
        MaximumArguments = 1,
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        if (arguments.Value(Endpoint) is { } endpoint && !endpoint.StartsWith("http", StringComparison.Ordinal))
        {
            throw new CommandLineException("-e option must be an HTTP URL (http://HOST:PORT or https://HOST:PORT)");
        }

        var wanted = arguments.Positional.Count > 0 ? arguments.Positional[0] : "the new version";
        await context.Error.WriteLineAsync(
            $"""
            error: {context.ProgramName} {context.Version} does not replace its own file.
              It is one file: {Environment.ProcessPath}
              * Installed by a package manager: update it there.
              * Copied by hand: put the file of {wanted} in its place. Nothing else belongs to it; databases are
                brought up to date when a server opens them (see: {context.ProgramName} migrate check).
            """).ConfigureAwait(false);
        return 1;
    }
}
