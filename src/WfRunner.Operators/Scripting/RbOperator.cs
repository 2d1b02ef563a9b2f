using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>rb&gt;</c>: calls a Ruby method. Digdag behaviour: operators-core 7.6.</summary>
public sealed class RbOperator : IOperator
{
    private static readonly Lazy<string> Runner = new(() => ScriptOutput.Runner("runner.rb"));

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "rb",
        "Calls a Ruby method or runs a Ruby program.",
        new OperatorParameter("_command", ParameterType.Text, "method or Module::Class.method."),
        [
            new OperatorParameter("require", ParameterType.Text, "File that defines the method, as Ruby's require names it."),
            new OperatorParameter("script", ParameterType.Text, "Text of a program to run instead."),
            new OperatorParameter("ruby", ParameterType.Any, "Interpreter: a path, or a list of program and arguments (default: ruby)."),
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
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("rb"));
        var command = options.GetStringOrNull("_command");
        var script = command is null ? options.GetString("script") : Runner.Value;
        var ruby = ScriptOutput.Interpreter(options, "ruby");
        var environment = CommandEnvironment.Own(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-rb-{request.TaskId}");
        var runner = await exchange.WriteAsync("runner.rb", script, cancellationToken).ConfigureAwait(false);
        var input = await exchange.WriteAsync("input.json", ConfigJson.Write(ConfigMap.Of(("params", options))), cancellationToken).ConfigureAwait(false);
        var output = exchange.PathOf("output.json");
        string[] required = options.GetStringOrNull("require") is { } file ? ["-r", file] : [];
        string[] method = command is null ? [] : [command];
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            [.. ruby, "-I", working, .. required, "--", Relative(runner), .. method, Relative(input), Relative(output)],
            working,
            environment,
            cancellationToken).ConfigureAwait(false);
        return code == 0 ? ScriptOutput.Succeeded(output) : throw Failure(code, output);

        string Relative(string path) => Path.GetRelativePath(working, path);
    }

    private static WorkflowException Failure(int code, string output)
    {
        var text = new StringBuilder("Ruby command failed with code ").Append(code);
        if (File.Exists(output) && ScriptOutput.Read(output)?["error"] is ConfigMap error)
        {
            text.Append(": ").Append(error.GetStringOr("message", string.Empty))
                .Append(" (").Append(error.GetStringOr("class", string.Empty)).Append(')');
            foreach (var line in error.GetListOrEmpty("backtrace").OfType<ConfigText>())
            {
                text.Append("\n\tfrom ").Append(line.Value);
            }
        }

        return new WorkflowException(FailureKind.Runtime, text.ToString());
    }
}
