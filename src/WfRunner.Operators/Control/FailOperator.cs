using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>fail&gt;</c>: fails with a message. Digdag behaviour: operators-core 6.2.</summary>
public sealed class FailOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "fail", "Fails with a message.", new OperatorParameter("_command", ParameterType.Text, "The message."), [])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        throw new TaskFailedException(request.Config.GetStringOr("_command", string.Empty));
    }
}
