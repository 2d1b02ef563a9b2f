using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Operators;

/// <summary>How a call of an operator ended, unless it failed (failures are exceptions).</summary>
public abstract record OperatorOutcome
{
    private OperatorOutcome()
    {
    }

    /// <summary>Success without any result.</summary>
    public static OperatorOutcome Done { get; } = new Succeeded(TaskResult.Empty);

    /// <summary>The task is done.</summary>
    /// <param name="Result">What it gives to other tasks.</param>
    public sealed record Succeeded(TaskResult Result) : OperatorOutcome;

    /// <summary>The operator wants to be called again. Does not consume a retry.</summary>
    /// <param name="Interval">How long to wait; zero means at once, after the state was saved.</param>
    /// <param name="StateParams">Replaces the saved state as a whole.</param>
    public sealed record Polling(Duration Interval, ConfigMap StateParams) : OperatorOutcome;
}
