using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>py&gt;</c>: calls a Python function. Digdag behaviour: operators-core 7.5.</summary>
public sealed class PyOperator : IOperator
{
    private static readonly Lazy<string> Runner = new(() => ScriptOutput.Runner("runner.py"));

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "py",
        "Calls a Python function or runs a Python program.",
        new OperatorParameter("_command", ParameterType.Text, "package.module.function, module.Class or module.Class.method."),
        [
            new OperatorParameter("script", ParameterType.Text, "Text of a program to run instead."),
            new OperatorParameter("python", ParameterType.Any, "Interpreter: a path, or a list of program and arguments (default: python)."),
            CommandExecutor.Parameter,
            new OperatorParameter("_env", ParameterType.Map, "Environment variables.") { ResolvesSecrets = true },
        ])
    {
        TakesAnyParameter = true,
        StoresAnyParameter = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("py"));
        var command = options.GetStringOrNull("_command");
        var script = command is null ? options.GetString("script") : Runner.Value;
        var python = ScriptOutput.Interpreter(options, "python");
        var environment = CommandEnvironment.Own(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-py-{request.TaskId}");
        var runner = await exchange.WriteAsync("runner.py", script, cancellationToken).ConfigureAwait(false);
        var input = await exchange.WriteAsync("input.json", ConfigJson.Write(ConfigMap.Of(("params", options))), cancellationToken).ConfigureAwait(false);
        var output = exchange.PathOf("output.json");
        string[] arguments = command is null ? [] : [command];
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            [.. python, Relative(runner), .. arguments, Relative(input), Relative(output)],
            working,
            environment,
            cancellationToken).ConfigureAwait(false);
        return code == 0 ? ScriptOutput.Succeeded(output) : throw Failure(code, output);

        string Relative(string path) => Path.GetRelativePath(working, path);
    }

    private static WorkflowException Failure(int code, string output)
    {
        var text = new StringBuilder("Python command failed with code ").Append(code);
        if (File.Exists(output))
        {
            if (ScriptOutput.Read(output)?["error"] is ConfigMap error)
            {
                text.Append("\nError messages from python: ").Append(error.GetStringOr("message", string.Empty))
                    .Append(" (").Append(error.GetStringOr("class", string.Empty)).Append(')');
                foreach (var line in error.GetListOrEmpty("backtrace").OfType<ConfigText>())
                {
                    text.Append("\n\tfrom ").Append(line.Value);
                }
            }
            else
            {
                text.Append("\n\tCan't parse output.json. The command failed unexpectedly. Please check logs.");
            }
        }

        return new WorkflowException(FailureKind.Runtime, text.ToString());
    }
}
