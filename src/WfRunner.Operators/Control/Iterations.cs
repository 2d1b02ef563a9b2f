using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary>What the iterating operators share: a group with a child for each iteration. Digdag behaviour: operators-core 6.3 and 5.3.</summary>
internal static class Iterations
{
    public static OperatorParameter Body { get; } = new("_do", ParameterType.Tasks, "The task or group that is repeated.", Required: true);

    public static OperatorParameter Parallel { get; } = new("_parallel", ParameterType.Any, "Whether, or how many, iterations run side by side.");

    /// <summary>The result of an operator that repeats its <c>_do</c>.</summary>
    public static OperatorOutcome Of(OperatorRequest request, IEnumerable<(string Name, ConfigMap Variables)> iterations)
    {
        var body = request.Config.GetMap("_do");
        var parallel = ParallelSetting.Of(request.Config);
        var group = new ConfigMapBuilder();
        foreach (var (name, variables) in iterations)
        {
            group.Set(name, body.With("_export", body.GetMapOrEmpty("_export").Merge(variables)));
        }

        // An empty group is no group: the task has nothing to wait for.
        if (parallel.IsParallel && group.Count > 0)
        {
            group.Set("_parallel", request.Config["_parallel"]!);
        }

        return new OperatorOutcome.Succeeded(new TaskResult { SubtaskConfig = group.Build() });
    }
}
