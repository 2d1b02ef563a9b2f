using System.Collections.Concurrent;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>A time in which every pause is over at once; the pauses are remembered.</summary>
internal sealed class InstantTime : TimeProvider
{
    public ConcurrentQueue<double> Pauses { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Pauses.Enqueue(dueTime.TotalSeconds);
            dueTime = TimeSpan.Zero;
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
