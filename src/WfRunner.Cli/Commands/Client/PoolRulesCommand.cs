using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf pool-rules</c>: lists, creates, changes and deletes the rules that give attempts their pool. An API of the hosted service.</summary>
internal sealed class PoolRulesCommand : ClientCommand
{
    private static readonly OptionSyntax Pool = OptionSyntax.Value("POOL", "the pool, by id or name", "--pool");
    private static readonly OptionSyntax Priority = OptionSyntax.Value("N", "1 to 10000; the smallest that matches wins", "--priority");

    private static readonly (OptionSyntax Option, string Type, bool IsPrefix)[] Conditions =
    [
        (OptionSyntax.Value("PREFIX,...", "attempts of projects whose names start so", "--project-name"), "project_name", true),
        (OptionSyntax.Value("PREFIX,...", "attempts of workflows whose names start so", "--workflow-name"), "workflow_name", true),
        (OptionSyntax.Value("TYPE,...", "attempts of workflows that the product made, by type", "--workflow-type"), "workflow_type", false),
        (OptionSyntax.Value("TYPE,...", "on_demand or scheduled", "--invocation-type"), "invocation_type", false),
    ];

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "pool-rules",
        Group = CommandGroup.Client,
        Arguments = "[create | update <rule-id> | delete <rule-id>] [options...]",
        Summary = "show and change the rules that give attempts their pool",
        Options = [Pool, Priority, .. Conditions.Select(c => c.Option), Confirmation.Yes, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["pool-rules", "pool-rules create --pool nightly --priority 10 --project-name etl_ --invocation-type scheduled", "pool-rules delete 7 --yes"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var verb = call.Positional.Count > 0 ? call.Positional[0] : null;
        var expected = verb is null or "create" ? 1 : 2;
        if (verb is not (null or "create" or "update" or "delete") || (verb is not null && call.Positional.Count != expected))
        {
            throw new UsageException($"pool-rules takes {Syntax.Arguments}", exitCode: 2);
        }

        if (verb == "create" && !(call.Arguments.Has(Pool) && call.Arguments.Has(Priority) && Conditions.Any(c => call.Arguments.Has(c.Option))))
        {
            throw new UsageException("pool-rules create needs --pool, --priority and at least one condition");
        }

        var priority = call.Arguments.Int32(Priority);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        switch (verb)
        {
            case null:
                var answer = await client.CallAsync(HttpMethod.Get, "api/pool_rules", null, mayRepeat: true, cancellationToken).ConfigureAwait(false);
                await WriteAsync(call, [.. answer.GetListOrEmpty("poolRules").OfType<ConfigMap>()], cancellationToken).ConfigureAwait(false);
                break;
            case "create" or "update":
                var body = await BodyAsync(call, client, priority, cancellationToken).ConfigureAwait(false);
                var rule = verb == "create"
                    ? await client.CallAsync(HttpMethod.Post, "api/pool_rules", body, mayRepeat: false, cancellationToken).ConfigureAwait(false)
                    : await client.CallAsync(HttpMethod.Patch, Path(call), body, mayRepeat: true, cancellationToken).ConfigureAwait(false);
                await WriteAsync(call, [rule], cancellationToken).ConfigureAwait(false);
                break;
            default:
                await Confirmation.RequireAsync(call, $"Delete pool rule {call.Positional[1]}?", cancellationToken).ConfigureAwait(false);
                await client.CallAsync(HttpMethod.Delete, Path(call), null, mayRepeat: false, cancellationToken).ConfigureAwait(false);
                await call.Error.WriteLineAsync($"Pool rule '{call.Positional[1]}' is deleted.").ConfigureAwait(false);
                break;
        }
    }

    private static string Path(ClientCall call) => "api/pool_rules/" + Uri.EscapeDataString(call.Positional[1]);

    private static async Task<ConfigMap> BodyAsync(ClientCall call, WorkflowClient client, int? priority, CancellationToken cancellationToken)
    {
        var body = ConfigMap.Empty;
        if (call.Arguments.Value(Pool) is { } pool)
        {
            body = body.With("poolId", await PoolsCommand.IdOfAsync(client, pool, cancellationToken).ConfigureAwait(false));
        }

        body = priority is { } number ? body.With("priority", (long)number) : body;
        var conditions = Conditions.Where(c => call.Arguments.Has(c.Option)).Select(c => Condition(c.Type, c.IsPrefix, call.Arguments.Value(c.Option)!)).ToList();
        return conditions.Count > 0 ? body.With("conditions", new ConfigList(conditions)) : body;
    }

    private static ConfigMap Condition(string type, bool isPrefix, string values)
    {
        var list = new ConfigList([.. values.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => (ConfigValue)v)]);
        return isPrefix ? ConfigMap.Of(("type", type), ("operator", "starts_with"), ("values", list)) : ConfigMap.Of(("type", type), ("values", list));
    }

    private static Task WriteAsync(ClientCall call, IReadOnlyList<ConfigMap> rules, CancellationToken cancellationToken) => ListOutput.WriteAsync(
        call,
        rules,
        ListColumns.PoolRules,
        output => output.WriteAsync(string.Concat(rules.Select(r =>
            $"  id: {r.GetStringOrNull("id")}\n  pool: {r.GetStringOrNull("poolId")}\n  priority: {r.GetStringOrNull("priority")}\n  conditions: {(r["conditions"] is { } c ? ConfigJson.Write(c) : "[]")}\n\n"))),
        cancellationToken);
}
