using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Local.Init;
using WfRunner.Core;
using WfRunner.Core.Dig;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf init</c>: makes a new project with a workflow that runs. Digdag behaviour: cli-local 10.</summary>
internal sealed class InitCommand : ICommand
{
    private static readonly OptionSyntax Type = OptionSyntax.Value(
        "TYPE", $"kind of the first workflow: {string.Join(", ", ProjectTemplate.All.Select(t => t.Name))} (default: echo)", "-t", "--type");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "init",
        Aliases = ["new"],
        Group = CommandGroup.Local,
        Arguments = "<dir> [options...]",
        Summary = "create a new workflow project",
        Options = [Type],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["init etl", "init etl --type td"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var template = ProjectTemplate.All.FirstOrDefault(t => t.Name == (arguments.Value(Type) ?? "echo"))
            ?? throw new UsageException("--type has an invalid value");
        var shown = arguments.Positional[0];
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(shown, context.CurrentDirectory));
        var name = Path.GetFileName(directory);
        var broken = NameRules.CheckWorkflowName(name).ToList();
        if (broken.Count > 0)
        {
            throw new WorkflowException(FailureKind.ModelValidation, string.Join('\n', broken.Prepend("Validating workflow failed")));
        }

        var prefix = directory == context.CurrentDirectory ? string.Empty : Path.TrimEndingDirectorySeparator(shown) + "/";
        var workflow = name + ".dig";
        if (File.Exists(Path.Combine(directory, workflow)))
        {
            await context.Out.WriteLineAsync($"File {prefix}{workflow} already exists.").ConfigureAwait(false);
            return 0;
        }

        foreach (var (path, text, executable) in template.FilesFor(workflow))
        {
            await CreateAsync(directory, prefix, path, text, executable, context, cancellationToken).ConfigureAwait(false);
        }

        var change = prefix.Length == 0 ? string.Empty : $"`cd {Path.TrimEndingDirectorySeparator(shown)}` and then ";
        await context.Out.WriteLineAsync(template.Name == "td"
            ? $"Done. Set up you Treasure Data API key and type {change}`{context.ProgramName} push {name}` to push the workflow to Treasure Data. Enjoy!"
            : $"Done. Type {change}`{context.ProgramName} run {workflow}` to run the workflow. Enjoy!").ConfigureAwait(false);
        return 0;
    }

    private static async Task CreateAsync(
        string directory, string prefix, string path, string text, bool executable, CommandContext context, CancellationToken cancellationToken)
    {
        var file = Path.Combine(directory, path);
        if (File.Exists(file))
        {
            return;
        }

        await context.Out.WriteLineAsync($"  Creating {prefix}{path}").ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, cancellationToken).ConfigureAwait(false);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }
}
