using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>What a node learns when it renews its leases.</summary>
/// <param name="Held">Attempts whose lease it still has, for longer now. All others it asked for are lost.</param>
/// <param name="CancelRequested">Those among them that somebody asked to stop.</param>
public sealed record LeaseRenewal(IReadOnlySet<AttemptId> Held, IReadOnlySet<AttemptId> CancelRequested);
