using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>for_range&gt;</c>: repeats tasks for slices of a range of integers. Digdag behaviour: operators-core 6.3.</summary>
public sealed class ForRangeOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "for_range",
        "Repeats tasks for slices of a range; ${range.from} and ${range.to} bound them.",
        new OperatorParameter("_command", ParameterType.Map, "from (inclusive), to (exclusive), and step or slices.", Required: true),
        [Iterations.Body, Iterations.Parallel])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var range = request.Config.ParseMap("_command");
        var from = range.GetInt64("from");
        var to = range.GetInt64("to");
        var step = StepOf(range, from, to);
        var count = to <= from ? 0 : ((to - (decimal)from) + step - 1) / step;
        return Math.Floor(count) > context.MaximumTasks
            ? throw new ConfigException($"Too many for_range subtasks ({Math.Floor(count)}). Limit: {context.MaximumTasks}")
            : Task.FromResult(Iterations.Of(request, Slices(from, to, step)));
    }

    private static long StepOf(ConfigMap range, long from, long to)
    {
        var step = range.GetInt64OrNull("step");
        var slices = range.GetInt64OrNull("slices");
        return (step, slices) switch
        {
            (not null, not null) => throw new ConfigException("Setting both step and slices options to for_range is invalid", range.Span),
            (null, null) => throw new ConfigException("step or slices option is required for for_range", range.Span),
            ( < 1, _) => throw new ConfigException($"step option must be same or greater than 1 but got {step}", range["step"]?.Span),
            (_, < 1) => throw new ConfigException($"slices option must be same or greater than 1 but got {slices}", range["slices"]?.Span),
            ({ } given, _) => given,
            (_, { } parts) => (long)Math.Max(1, Math.Ceiling((to - (decimal)from) / parts)),
        };
    }

    private static IEnumerable<(string Name, ConfigMap Variables)> Slices(long from, long to, long step)
    {
        var index = 0L;
        for (decimal position = from; position < to; position += step)
        {
            var start = (long)position;
            var end = (long)Math.Min(position + step, to);
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"+range-from={start}&to={end}"),
                ConfigMap.Of(("range", ConfigMap.Of(("from", start), ("to", end), ("index", index++)))));
        }
    }
}
