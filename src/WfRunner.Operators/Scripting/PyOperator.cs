using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>py&gt;</c>: calls a Python function. Digdag behaviour: operators-core 7.5.</summary>
public sealed class PyOperator : IOperator
{
    private static readonly ScriptLanguage Language = new("py", "python", "runner.py");

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
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken) =>
        Language.RunAsync(request, context, static (_, _) => [], Failure, cancellationToken);

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
