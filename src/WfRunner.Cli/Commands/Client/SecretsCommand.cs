using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// <c>wf secrets</c>: sets, lists and deletes secrets of a project, or local ones. Digdag behaviour: cli-client 8.20; the forms
/// <c>list</c>, <c>set</c> and <c>delete</c> are those of Treasure Data's client.
/// </summary>
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
        Arguments = "<--project PROJECT | --local> [--set ... | --delete ...] | list [project] | set [project] ITEM... | delete [project] KEY... [options...]",
        Summary = "set, list and delete secrets",
        Options = [Project, Local, Set, Delete, Confirmation.Yes, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = int.MaxValue,
        Examples = ["secrets --project myproj", "secrets --project myproj --set td.apikey", "secrets --project myproj --delete td.apikey", "secrets set myproj td.apikey=@key.txt", "secrets list myproj --json", "secrets delete myproj td.apikey --yes"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        if (call.Positional.Count > 0)
        {
            await RunVerbAsync(call, cancellationToken).ConfigureAwait(false);
            return;
        }

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
            await RunOnServerAsync(call, call.Arguments.Value(Project)!, items, gone, list: !sets && !deletes, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunVerbAsync(ClientCall call, CancellationToken cancellationToken)
    {
        foreach (var option in (OptionSyntax[])[Local, Set, Delete])
        {
            if (call.Arguments.Has(option))
            {
                throw new UsageException($"{option.Name} does not go with '{call.Positional[0]}'");
            }
        }

        var verb = call.Positional[0];
        if (verb is not ("list" or "set" or "delete"))
        {
            throw new UsageException($"secrets can be asked to list, set or delete, but not to '{verb}'", exitCode: 2);
        }

        var rest = call.Positional.Skip(1).ToList();
        var project = call.Arguments.Value(Project) ?? await TakeProjectAsync(call, verb, rest).ConfigureAwait(false);
        if (verb == "list" ? rest.Count > 0 : rest.Count == 0)
        {
            throw new UsageException(verb == "list" ? $"too many arguments: {rest[0]}" : $"secrets {verb} needs {(verb == "set" ? "KEY=VALUE" : "KEY")}", exitCode: 2);
        }

        var items = verb == "set" ? await new SecretItems(call.Context).ReadAsync(rest, cancellationToken).ConfigureAwait(false) : [];
        var gone = verb == "delete" ? SecretItems.CheckDeletes(rest) : [];
        if (gone.Count > 0)
        {
            await Confirmation.RequireAsync(call, $"Delete {string.Join(", ", gone)} of project {project}?", cancellationToken).ConfigureAwait(false);
        }

        await RunOnServerAsync(call, project, items, gone, list: verb == "list", cancellationToken).ConfigureAwait(false);
    }

    // The project comes first, unless what stands there can only be an item, or is all there is and the folder has a project.
    private static async Task<string> TakeProjectAsync(ClientCall call, string verb, List<string> rest)
    {
        var isItem = rest.Count == 0 || rest[0].Contains('=', StringComparison.Ordinal) || rest[0][0] is '@' or '-';
        if (isItem || (verb != "list" && rest.Count == 1 && CurrentProject.Find(call.Context) is not null))
        {
            return await CurrentProject.RequireAsync(call).ConfigureAwait(false);
        }

        var project = rest[0];
        rest.RemoveAt(0);
        return project;
    }

    private static async Task RunOnServerAsync(
        ClientCall call,
        string projectName,
        IReadOnlyList<KeyValuePair<string, string>> items,
        IReadOnlyList<string> gone,
        bool list,
        CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(projectName, cancellationToken).ConfigureAwait(false);
        if (list)
        {
            var keys = await client.ListSecretsAsync(project.Id, cancellationToken).ConfigureAwait(false);
            await ListOutput.WriteAsync(
                call,
                [.. keys.Select(k => ConfigMap.Of(("key", k)))],
                ListColumns.Secrets,
                output => output.WriteAsync(string.Concat(keys.Select(k => k + "\n"))),
                cancellationToken).ConfigureAwait(false);
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
