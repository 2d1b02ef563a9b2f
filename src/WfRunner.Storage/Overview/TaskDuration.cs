using NodaTime;

namespace WfRunner.Storage.Overview;

/// <summary>How long a task took in one run.</summary>
/// <param name="FullName">Its full name.</param>
/// <param name="Took">From its first start to its end.</param>
public sealed record TaskDuration(string FullName, Duration Took);
