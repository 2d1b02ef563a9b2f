using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>rb&gt;</c>: calls a Ruby method. Digdag behaviour: operators-core 7.6.</summary>
public sealed class RbOperator : IOperator
{
    private static readonly ScriptLanguage Language = new("rb", "ruby", "runner.rb");

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
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken) =>
        Language.RunAsync(request, context, RubyArguments, Failure, cancellationToken);

    private static IReadOnlyList<string> RubyArguments(ConfigMap options, string workingDirectory)
    {
        string[] required = options.GetStringOrNull("require") is { } file ? ["-r", file] : [];
        return ["-I", workingDirectory, .. required, "--"];
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
