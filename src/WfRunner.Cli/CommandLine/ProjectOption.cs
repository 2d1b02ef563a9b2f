using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Cli.CommandLine;

/// <summary>The option <c>--project</c> and what follows from it. Digdag behaviour: cli-local 7.</summary>
public static class ProjectOption
{
    /// <summary>The project's folder.</summary>
    public static OptionSyntax Project { get; } =
        OptionSyntax.Value("DIR", "use this directory as the project directory (default: current directory)", "--project");

    /// <summary>The project's folder as an absolute path.</summary>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="context">The current directory.</param>
    /// <returns>The path, which may not exist.</returns>
    public static string DirectoryOf(ParsedArguments arguments, CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var given = arguments.Value(Project);
        return given is null
            ? context.CurrentDirectory
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(given, context.CurrentDirectory));
    }

    /// <summary>Adds <c>_project_path</c> when the project is not the current directory, and says so in the log.</summary>
    /// <param name="parameters">The parameters so far.</param>
    /// <param name="directory">The project.</param>
    /// <param name="context">The log.</param>
    /// <returns>The parameters of the run.</returns>
    public static ConfigMap AddProjectPath(ConfigMap parameters, string directory, CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        if (directory == context.CurrentDirectory)
        {
            return parameters;
        }

        context.Log.WriteMain(TaskLogLevel.Info, $"Setting project path to {directory}");
        return parameters.With("_project_path", directory);
    }

    /// <summary>The name of the workflow that an argument means: a name, or a path of a file in the project.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="directory">The project.</param>
    /// <returns>The name.</returns>
    /// <exception cref="WorkflowException">The path is outside of the project.</exception>
    public static string WorkflowNameOf(string argument, string directory)
    {
        ArgumentNullException.ThrowIfNull(argument);
        if (!argument.EndsWith(".dig", StringComparison.Ordinal))
        {
            return argument;
        }

        var path = Path.GetFullPath(argument, directory);
        var relative = Path.GetRelativePath(directory, path).Replace('\\', '/');
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? throw new WorkflowException(
                FailureKind.IllegalArgument, $"Given path '{path}' is outside of project directory '{directory}'")
            : relative[..^".dig".Length];
    }
}
