using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Configuration;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// The project that is meant when a command names none: the variable <c>WF_PROJECT</c>, else the nearest <c>tdx.json</c>. An empty
/// variable means none.
/// </summary>
/// <param name="Name">The project's name.</param>
/// <param name="Source">What names it, for messages.</param>
internal sealed record CurrentProject(string Name, string Source)
{
    private const string Variable = "WF_PROJECT";

    /// <summary>Finds the project.</summary>
    /// <param name="context">The current directory.</param>
    /// <returns>The project; null when nothing names one.</returns>
    public static CurrentProject? Find(CommandContext context)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } named)
        {
            return named.Length > 0 ? new CurrentProject(named, Variable) : null;
        }

        return TdxFile.FindUpward(context.CurrentDirectory) is { ProjectName: { } name, Path: var path }
            ? new CurrentProject(name, Path.GetRelativePath(context.CurrentDirectory, path))
            : null;
    }

    /// <summary>Finds the project, and says on standard error that it was not named on the command line.</summary>
    /// <param name="call">The streams.</param>
    /// <returns>The project's name; null when nothing names one.</returns>
    public static async Task<string?> FindAndTellAsync(ClientCall call)
    {
        if (Find(call.Context) is not { } found)
        {
            return null;
        }

        await call.Error.WriteLineAsync($"Project {found.Name} ({found.Source})").ConfigureAwait(false);
        return found.Name;
    }

    /// <summary>Finds the project, which a command needs.</summary>
    /// <param name="call">The streams.</param>
    /// <exception cref="UsageException">Nothing names one.</exception>
    public static async Task<string> RequireAsync(ClientCall call) => await FindAndTellAsync(call).ConfigureAwait(false)
        ?? throw new UsageException($"no project: name one, or choose one for this folder with `{call.Context.ProgramName} use PROJECT` or {Variable}");
}
