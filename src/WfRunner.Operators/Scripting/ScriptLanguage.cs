using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// How tasks of a scripting language run: the embedded runner, or a text of the task's own, is called with the task's parameters in one
/// file and leaves its result in another. Digdag behaviour: operators-core 7.5 and 7.6.
/// </summary>
/// <param name="section">Name of the operator and of its exported section.</param>
/// <param name="interpreter">Name of the interpreter, and of the option that names another.</param>
/// <param name="runnerFile">Name of the embedded runner.</param>
internal sealed class ScriptLanguage(string section, string interpreter, string runnerFile)
{
    private readonly Lazy<string> _runner = new(() => ScriptOutput.Runner(runnerFile));

    /// <summary>Runs a task.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">What it may use.</param>
    /// <param name="arguments">The interpreter's own arguments in front of the runner, from the options and the working directory.</param>
    /// <param name="failure">The failure of an exit code and an output file.</param>
    /// <param name="cancellationToken">Ends the script.</param>
    public async Task<OperatorOutcome> RunAsync(
        OperatorRequest request,
        IOperatorContext context,
        Func<ConfigMap, string, IReadOnlyList<string>> arguments,
        Func<int, string, WorkflowException> failure,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty(section));
        var command = options.GetStringOrNull("_command");
        var script = command is null ? options.GetString("script") : _runner.Value;
        var program = ScriptOutput.Interpreter(options, interpreter);
        var environment = CommandEnvironment.Own(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-{section}-{request.TaskId}");
        var runner = await exchange.WriteAsync(runnerFile, script, cancellationToken).ConfigureAwait(false);
        var input = await exchange.WriteAsync("input.json", ConfigJson.Write(ConfigMap.Of(("params", options))), cancellationToken).ConfigureAwait(false);
        var output = exchange.PathOf("output.json");
        string[] called = command is null ? [] : [command];
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            [.. program, .. arguments(options, working), Relative(runner), .. called, Relative(input), Relative(output)],
            working,
            environment,
            cancellationToken).ConfigureAwait(false);
        return code == 0 ? ScriptOutput.Succeeded(output) : throw failure(code, output);

        string Relative(string path) => Path.GetRelativePath(working, path);
    }
}
