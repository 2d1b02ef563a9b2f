using WfRunner.Cli.CommandLine;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf secrets</c>: sets, lists and deletes secrets of a project, or local ones. Digdag behaviour: cli-client 8.20.</summary>
internal sealed class SecretsCommand : ClientCommand
{
    private static readonly OptionSyntax Project = OptionSyntax.Value("PROJECT", "the project", "--project");
    private static readonly OptionSyntax Local = OptionSyntax.Flag("secrets of local runs", "--local");

    private static readonly OptionSyntax Set = new(
        ["--set"], OptionKind.Rest, "KEY | KEY=VALUE | KEY=@FILE | KEY=- | @FILE | @- ...", "set secrets; a key alone is asked for without echo");

    private static readonly OptionSyntax Delete = new(["--delete"], OptionKind.Rest, "KEY...", "delete secrets");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "secrets",
        Aliases = ["secret"],
        Group = CommandGroup.Client,
        Arguments = "<--project PROJECT | --local> [--set ... | --delete ...] [options...]",
        Summary = "set, list and delete secrets",
        Options = [Project, Local, Set, Delete, .. ClientOptions.All],
        Examples = ["secrets --project myproj", "secrets --project myproj --set td.apikey", "secrets --project myproj --delete td.apikey"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (sets, deletes) = (call.Arguments.Has(Set), call.Arguments.Has(Delete));
        if (sets && deletes)
        {
            throw new UsageException("Please specify only one of --set or --delete");
        }

        if (!call.Arguments.Has(Project) && !call.Arguments.Has(Local))
        {
            throw new UsageException("Please specify either --project or --local");
        }

        var items = sets
            ? await new SecretItems(call.Context).ReadAsync(call.Arguments.Values(Set), cancellationToken).ConfigureAwait(false)
            : [];
        var gone = deletes ? SecretItems.CheckDeletes(call.Arguments.Values(Delete)) : [];
        if (call.Arguments.Has(Local))
        {
            await RunLocalAsync(call, items, gone, list: !sets && !deletes).ConfigureAwait(false);
        }
        else
        {
            await RunOnServerAsync(call, items, gone, list: !sets && !deletes, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunOnServerAsync(
        ClientCall call,
        IReadOnlyList<KeyValuePair<string, string>> items,
        IReadOnlyList<string> gone,
        bool list,
        CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(call.Arguments.Value(Project)!, cancellationToken).ConfigureAwait(false);
        foreach (var key in list ? await client.ListSecretsAsync(project.Id, cancellationToken).ConfigureAwait(false) : [])
        {
            await call.Out.WriteLineAsync(key).ConfigureAwait(false);
        }

        foreach (var (key, value) in items)
        {
            await TryAsync("set", client.SetSecretAsync(project.Id, key, value, cancellationToken)).ConfigureAwait(false);
            await call.Error.WriteLineAsync($"Secret '{key}' set").ConfigureAwait(false);
        }

        foreach (var key in gone)
        {
            await TryAsync("delete", client.DeleteSecretAsync(project.Id, key, cancellationToken)).ConfigureAwait(false);
            await call.Error.WriteLineAsync($"Secret '{key}' deleted").ConfigureAwait(false);
        }
    }

    private static async Task TryAsync(string what, Task request)
    {
        try
        {
            await request.ConfigureAwait(false);
        }
        catch (ServerAnswerException e)
        {
            throw new CommandLineException(
                $"Failed to {what} project secret: {e.Reason} (web application)" + (e.Body.Length > 0 ? $"\n> {e.Body}" : string.Empty));
        }
    }

    private static async Task RunLocalAsync(
        ClientCall call, IReadOnlyList<KeyValuePair<string, string>> items, IReadOnlyList<string> gone, bool list)
    {
        var folder = Path.Combine(call.Context.ConfigHome, "secrets");
        if (list && Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal))
            {
                await call.Out.WriteLineAsync(file).ConfigureAwait(false);
            }
        }

        foreach (var (key, value) in items)
        {
            LocalSecretFile.Write(folder, key, value);
            await call.Error.WriteLineAsync($"Secret '{key}' set").ConfigureAwait(false);
        }

        foreach (var key in gone)
        {
            File.Delete(Path.Combine(folder, key));
            await call.Error.WriteLineAsync($"Secret '{key}' deleted").ConfigureAwait(false);
        }
    }
}
