using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Jobs;

/// <summary>Where a job of a task stands after a step.</summary>
internal abstract record JobStep
{
    private JobStep()
    {
    }

    /// <summary>The task must be called again.</summary>
    /// <param name="Outcome">When, with which state.</param>
    public sealed record Waiting(OperatorOutcome Outcome) : JobStep;

    /// <summary>The job has succeeded.</summary>
    /// <param name="Job">The job; its rows are still to be read.</param>
    public sealed record Finished(IQueryJob Job) : JobStep;
}
