using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>echo&gt;</c>: says a text. Digdag behaviour: operators-core 6.1.</summary>
public sealed class EchoOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "echo", "Prints a message.", new OperatorParameter("_command", ParameterType.Text, "The message.", Required: true), [])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        context.Output.Write(Encoding.UTF8.GetBytes(request.Config.GetString("_command") + "\n"));
        context.Output.Flush();
        return Task.FromResult(OperatorOutcome.Done);
    }
}
