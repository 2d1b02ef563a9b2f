using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf pools</c>: lists, creates, changes and deletes the pools that attempts of an account run in. An API of the hosted service.</summary>
internal sealed class PoolsCommand : ClientCommand
{
    private static readonly OptionSyntax Name = OptionSyntax.Value("NAME", "name of the pool", "--name");
    private static readonly OptionSyntax Limit = OptionSyntax.Value("N", "the most attempts that run in it at once", "--limit");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "pools",
        Group = CommandGroup.Client,
        Arguments = "[create | update <pool> | delete <pool>] [options...]",
        Summary = "show and change the pools that attempts run in",
        Options = [Name, Limit, Confirmation.Yes, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["pools", "pools create --name nightly --limit 20", "pools update nightly --limit 30", "pools delete nightly --yes"],
    };

    /// <summary>The pool that a text names: its id, or its name.</summary>
    /// <exception cref="CommandLineException">There is no such pool.</exception>
    internal static async Task<string> IdOfAsync(WorkflowClient client, string text, CancellationToken cancellationToken)
    {
        var pools = await ListAsync(client, cancellationToken).ConfigureAwait(false);
        var found = pools.FirstOrDefault(p => IdOf(p) == text) ?? pools.FirstOrDefault(p => p.GetStringOrNull("name") == text);
        return found is null ? throw new CommandLineException($"Resource not found: pool not found: {text}") : IdOf(found);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var verb = call.Positional.Count > 0 ? call.Positional[0] : null;
        var expected = verb is null or "create" ? 1 : 2;
        if (verb is not (null or "create" or "update" or "delete") || (verb is not null && call.Positional.Count != expected))
        {
            throw new UsageException($"pools takes {Syntax.Arguments}", exitCode: 2);
        }

        var body = BodyOf(call, verb);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        switch (verb)
        {
            case null:
                await WriteAsync(call, await ListAsync(client, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                break;
            case "create":
                await WriteAsync(call, [await client.CallAsync(HttpMethod.Post, "api/pools", body, mayRepeat: false, cancellationToken).ConfigureAwait(false)], cancellationToken)
                    .ConfigureAwait(false);
                break;
            case "update":
                var changed = await client.CallAsync(
                    HttpMethod.Patch, await PathOfAsync(client, call, cancellationToken).ConfigureAwait(false), body, mayRepeat: true, cancellationToken).ConfigureAwait(false);
                await WriteAsync(call, [changed], cancellationToken).ConfigureAwait(false);
                break;
            default:
                var path = await PathOfAsync(client, call, cancellationToken).ConfigureAwait(false);
                await Confirmation.RequireAsync(call, $"Delete pool {call.Positional[1]}?", cancellationToken).ConfigureAwait(false);
                await client.CallAsync(HttpMethod.Delete, path, null, mayRepeat: false, cancellationToken).ConfigureAwait(false);
                await call.Error.WriteLineAsync($"Pool '{call.Positional[1]}' is deleted.").ConfigureAwait(false);
                break;
        }
    }

    private static async Task<IReadOnlyList<ConfigMap>> ListAsync(WorkflowClient client, CancellationToken cancellationToken) =>
        [.. (await client.CallAsync(HttpMethod.Get, "api/pools", null, mayRepeat: true, cancellationToken).ConfigureAwait(false)).GetListOrEmpty("pools").OfType<ConfigMap>()];

    private static async Task<string> PathOfAsync(WorkflowClient client, ClientCall call, CancellationToken cancellationToken) =>
        "api/pools/" + Uri.EscapeDataString(await IdOfAsync(client, call.Positional[1], cancellationToken).ConfigureAwait(false));

    private static ConfigMap BodyOf(ClientCall call, string? verb)
    {
        var body = ConfigMap.Empty;
        body = call.Arguments.Value(Name) is { } name ? body.With("name", name) : body;
        body = call.Arguments.Int32(Limit) is { } limit ? body.With("concurrencyLimit", (long)limit) : body;
        return (verb, body.Count) switch
        {
            ("create", < 2) => throw new UsageException("pools create needs --name and --limit"),
            ("update", 0) => throw new UsageException("pools update needs --name or --limit"),
            _ => body,
        };
    }

    private static string IdOf(ConfigMap pool) => pool.GetStringOrNull("id") ?? string.Empty;

    private static Task WriteAsync(ClientCall call, IReadOnlyList<ConfigMap> pools, CancellationToken cancellationToken) => ListOutput.WriteAsync(
        call,
        pools,
        ListColumns.Pools,
        output => output.WriteAsync(string.Concat(pools.Select(p => string.Create(
            CultureInfo.InvariantCulture,
            $"  id: {IdOf(p)}\n  name: {p.GetStringOrNull("name")}\n  concurrency limit: {p.GetStringOrNull("concurrencyLimit")}\n  default: {p.GetStringOrNull("default")}\n\n")))),
        cancellationToken);
}
