using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>if&gt;</c>: runs tasks when a condition holds. Digdag behaviour: operators-core 6.4.</summary>
public sealed class IfOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "if",
        "Runs tasks when a condition holds.",
        new OperatorParameter("_command", ParameterType.Boolean, "The condition.", Required: true),
        [
            new OperatorParameter("_do", ParameterType.Tasks, "What runs when it holds."),
            new OperatorParameter("_else_do", ParameterType.Tasks, "What runs when it does not."),
        ])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var condition = request.Config.GetBoolean("_command");
        var then = request.Config.GetMapOrEmpty("_do");
        var otherwise = request.Config.GetMapOrEmpty("_else_do");
        return then.IsEmpty && otherwise.IsEmpty
            ? throw new ConfigException("Both _do and _else_do are not specified.")
            : Task.FromResult<OperatorOutcome>(new OperatorOutcome.Succeeded(new TaskResult { SubtaskConfig = condition ? then : otherwise }));
    }
}
