using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>loop&gt;</c>: repeats tasks a number of times. Digdag behaviour: operators-core 6.3.</summary>
public sealed class LoopOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "loop",
        "Repeats tasks; ${i} counts from 0.",
        new OperatorParameter("_command", ParameterType.Integer, "How often.", Required: true),
        [new OperatorParameter("count", ParameterType.Integer, "How often; wins over the command."), Iterations.Body, Iterations.Parallel])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var command = request.Config.GetInt32("_command");
        var count = request.Config.GetInt32OrNull("count") ?? command;
        if (count > context.MaximumTasks)
        {
            throw new ConfigException($"Too many loop subtasks. Limit: {context.MaximumTasks}");
        }

        return Task.FromResult(Iterations.Of(
            request,
            Enumerable.Range(0, Math.Max(0, count))
                .Select(i => (string.Create(CultureInfo.InvariantCulture, $"+loop-{i}"), ConfigMap.Of(("i", (long)i))))));
    }
}
