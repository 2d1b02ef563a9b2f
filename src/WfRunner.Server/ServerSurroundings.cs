using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Runtime.Logging;

namespace WfRunner.Server;

/// <summary>What the process gives to a server.</summary>
public sealed record ServerSurroundings
{
    /// <summary>The server's log.</summary>
    public required LogOutput Log { get; init; }

    /// <summary>Operators by name.</summary>
    public required OperatorRegistry Operators { get; init; }

    /// <summary>The clock that all times come from.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Makes the timers of waits; what it calls now is never used.</summary>
    public TimeProvider Timers { get; init; } = TimeProvider.System;

    /// <summary>Secrets of this machine, for a project that is run where it lies; null for none.</summary>
    public ISecretProvider? LocalSecrets { get; init; }

    /// <summary>The zone that log lines are printed in.</summary>
    public required DateTimeZone TimeZone { get; init; }
}
