using WfRunner.Storage.Schedules;
using WfRunner.Storage.Triggers;

namespace WfRunner.Storage.Attempts;

/// <summary>What starts an attempt by itself. It is used up in the transaction that stores the attempt, so that it starts one and no more.</summary>
public abstract record StartCause
{
    /// <summary>A schedule, which moves on.</summary>
    /// <param name="Move">The move.</param>
    public sealed record Schedule(ScheduleMove Move) : StartCause;

    /// <summary>A trigger, which has fired.</summary>
    /// <param name="Firing">The firing.</param>
    public sealed record Trigger(TriggerFiring Firing) : StartCause;
}
