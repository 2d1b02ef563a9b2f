using NodaTime;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Measures how long ago a lease was confirmed, by the clock and by the timer, whichever says more: the timer stands still while a
/// machine sleeps, and the clock may be set back.
/// </summary>
internal sealed class LeaseClock(NodeIdentity node, IClock clock, TimeProvider timers)
{
    /// <summary>A moment.</summary>
    public readonly record struct Reading(Instant Clock, long Timer);

    /// <summary>How long a lease is trusted without a renewal.</summary>
    public Duration TrustTime => node.TrustTime;

    public Reading Read() => new(clock.GetCurrentInstant(), timers.GetTimestamp());

    public Duration Since(Reading then) =>
        Duration.Max(clock.GetCurrentInstant() - then.Clock, Duration.FromTimeSpan(timers.GetElapsedTime(then.Timer)));
}
