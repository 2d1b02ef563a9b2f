using System.Text;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>py&gt;</c>: calls a Python function. Digdag behaviour: operators-core 7.5.</summary>
public sealed class PyOperator : IOperator
{
    private static readonly Lazy<string> Runner = new(() =>
    {
        using var reader = new StreamReader(typeof(PyOperator).Assembly.GetManifestResourceStream("runner.py")!);
        return reader.ReadToEnd();
    });

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "py",
        "Calls a Python function or runs a Python program.",
        new OperatorParameter("_command", ParameterType.Text, "package.module.function, module.Class or module.Class.method."),
        [
            new OperatorParameter("script", ParameterType.Text, "Text of a program to run instead."),
            new OperatorParameter("python", ParameterType.Any, "Interpreter: a path, or a list of program and arguments (default: python)."),
            new OperatorParameter("_env", ParameterType.Map, "Environment variables."),
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("py"));
        var command = options.GetStringOrNull("_command");
        var script = command is null ? options.GetString("script") : Runner.Value;
        var python = Interpreter(options, "python", "python");
        var environment = CommandEnvironment.Own(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-py-{request.TaskId}");
        var runner = await exchange.WriteAsync("runner.py", script, cancellationToken).ConfigureAwait(false);
        var input = await exchange.WriteAsync("input.json", ConfigJson.Write(ConfigMap.Of(("params", options))), cancellationToken).ConfigureAwait(false);
        var output = exchange.PathOf("output.json");
        string[] arguments = command is null ? [] : [command];
        var code = await CommandProcess.RunAsync(
            [.. python, Relative(runner), .. arguments, Relative(input), Relative(output)],
            working,
            environment,
            context.Output,
            cancellationToken).ConfigureAwait(false);
        return code == 0 ? Succeeded(output) : throw Failure(code, output);

        string Relative(string path) => Path.GetRelativePath(working, path);
    }

    private static IReadOnlyList<string> Interpreter(ConfigMap options, string key, string fallback) => options[key] switch
    {
        null or ConfigNull => [fallback],
        ConfigText path => [path.Value],
        ConfigList list => [.. list.Items.Select(i => ConfigAccess.AsString(key, i))],
        var other => throw new ConfigException($"Invalid {key}: {other}", other.Span),
    };

    private static OperatorOutcome.Succeeded Succeeded(string output)
    {
        if (!File.Exists(output))
        {
            throw new WorkflowException(
                FailureKind.Runtime, "output.json does not exist. Something unexpected error happened. Please check logs.");
        }

        var result = ReadOutput(output) ?? throw new WorkflowException(
            FailureKind.Runtime, "Can't parse output.json. The command failed unexpectedly. Please check logs.");
        return new OperatorOutcome.Succeeded(new TaskResult
        {
            SubtaskConfig = result.GetMapOrEmpty("subtask_config"),
            ExportParams = result.GetMapOrEmpty("export_params"),
            StoreParams = result.GetMapOrEmpty("store_params"),
        });
    }

    private static WorkflowException Failure(int code, string output)
    {
        var text = new StringBuilder("Python command failed with code ").Append(code);
        if (File.Exists(output))
        {
            if (ReadOutput(output)?["error"] is ConfigMap error)
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

    private static ConfigMap? ReadOutput(string path)
    {
        try
        {
            return ConfigJson.Parse(File.ReadAllBytes(path)) as ConfigMap;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
