using NodaTime;

namespace WfRunner.Storage.Attempts;

/// <summary>How long an attempt took from its creation to its end; one that runs still has taken the time until now.</summary>
/// <param name="AtLeast">The shortest; null for no bound.</param>
/// <param name="AtMost">The longest; null for no bound.</param>
/// <param name="Now">What unfinished attempts are measured against.</param>
public sealed record DurationRange(Duration? AtLeast, Duration? AtMost, Instant Now);
