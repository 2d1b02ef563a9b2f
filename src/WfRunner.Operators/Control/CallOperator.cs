using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>call&gt;</c>: runs the tasks of another workflow file here. Digdag behaviour: operators-core 6.7, dig-language 7.4.</summary>
public sealed class CallOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "call", "Runs the tasks of another workflow file.", new OperatorParameter("_command", ParameterType.Text, "Path of the file.", Required: true), []);

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var called = CalledWorkflow.FromFile(
            request.Config.GetString("_command"), request.LocalConfig["call>"]?.Span, Workspace.Of(request, context), context);
        return Task.FromResult<OperatorOutcome>(new OperatorOutcome.Succeeded(new TaskResult { SubtaskConfig = called.Tasks }));
    }
}
