using NodaTime;

namespace WfRunner.Storage.Attempts;

/// <summary>The end of an attempt.</summary>
/// <param name="At">When.</param>
/// <param name="IsSuccess">Whether its root task succeeded.</param>
public sealed record AttemptEnd(Instant At, bool IsSuccess);
