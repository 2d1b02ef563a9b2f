using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Cli.Commands.Client;

/// <summary>One call of a command that talks to a server: its arguments, its streams, and the connection once it is open.</summary>
internal sealed class ClientCall(ParsedArguments arguments, CommandContext context) : IDisposable
{
    private readonly Lazy<ConnectionPlan> _plan = new(() => new ConnectionPlan(arguments, context.SystemConfig, TdSurroundings.OfProcess));

    private const string CheckMode = "io.digdag.cli.versionCheckMode";

    private WorkflowClient? _client;

    public ParsedArguments Arguments => arguments;

    public CommandContext Context => context;

    public TextWriter Out => context.Out;

    /// <summary>Hints and everything that is no result.</summary>
    public TextWriter Error => context.Error;

    public IList<string> Positional => arguments.Positional;

    /// <summary>The exit code of the command, unless it fails.</summary>
    public int ExitCode { get; set; }

    /// <summary>Address of the server.</summary>
    public Uri Endpoint => _plan.Value.Endpoint();

    /// <summary>Whether the server is Treasure Data's hosted service, as far as the options, the project and the address tell.</summary>
    public bool IsHosted => TargetOption.Find(arguments, context.CurrentDirectory) is { } named
        ? TargetOption.Single(named.Targets) == Target.Td
        : context.SystemConfig.GetValueOrDefault("client.target") is { } configured
            ? configured == "td"
            : HostedEndpoint.IsWorkflowHost(Endpoint.Host);

    /// <summary>Opens the connection; the server is asked about this client's version first.</summary>
    public async Task<WorkflowClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = ConnectUnchecked();
        if (!ClientOptions.SkipsVersionCheck(arguments))
        {
            await CheckVersionAsync(client, cancellationToken).ConfigureAwait(false);
        }

        return client;
    }

    /// <summary>Opens the connection without asking about versions.</summary>
    public WorkflowClient ConnectUnchecked() => _client ??= new WorkflowClient(_plan.Value.Settings(context));

    /// <summary>A positional argument that is the id of an attempt or a session.</summary>
    /// <exception cref="UsageException">It is no number.</exception>
    public long PositionalId(int index) => long.TryParse(Positional[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new UsageException($"For input string: \"{Positional[index]}\"");

    /// <summary>The value of an option as an id.</summary>
    public long? IdOf(OptionSyntax option)
    {
        if (arguments.Value(option) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new CommandLineException($"\"{string.Join(", ", option.Names)}\": couldn't convert \"{text}\" to a long");
    }

    public void Dispose() => _client?.Dispose();

    // Digdag behaviour: cli-client 3.
    private async Task CheckVersionAsync(WorkflowClient client, CancellationToken cancellationToken)
    {
        if (await client.CheckVersionAsync(cancellationToken).ConfigureAwait(false) is not { } answer)
        {
            return;
        }

        var versions = $"(client: {DigdagVersion.Compatible}, server: {answer.ServerVersion})";
        if (!answer.IsCompatible)
        {
            throw new CommandLineException(
                $"This client version is not API compatible to the server {versions}.\n"
                + "Please run following command locally to upgrade to a compatible version with the server:\n\n" + Upgrade(answer));
        }

        if (answer.IsUpgradeRecommended)
        {
            const string HowTo = "Please run following command locally to upgrade to the latest version compatible to the server:";
            if (IsInteractive())
            {
                throw new CommandLineException(
                    $"This client version is obsoleted. It is recommended to upgrade {versions}.\n{HowTo}\n\n" + Upgrade(answer));
            }

            await Error.WriteLineAsync(
                "warning: This client version is obsoleted. This client is subject to be incompatible and stop working in near future "
                + $"{versions}.\n{HowTo}\n{Upgrade(answer)}").ConfigureAwait(false);
        }
    }

    private string Upgrade(VersionAnswer answer) => $"    {context.ProgramName} selfupdate {answer.ServerVersion}\n";

    private bool IsInteractive() => context.SystemConfig.GetValueOrDefault(CheckMode) switch
    {
        null => !Console.IsInputRedirected && !Console.IsOutputRedirected,
        "batch" => false,
        "interactive" => true,
        var mode => throw new CommandLineException($"{CheckMode} must be batch or interactive (illegal argument): {mode}"),
    };
}
