using NodaTime;

namespace WfRunner.Storage.Overview;

/// <summary>What a node has to do.</summary>
/// <param name="Name">Its name on leases.</param>
/// <param name="Attempts">Attempts whose lease it has.</param>
/// <param name="Tasks">Tasks of these that are running.</param>
/// <param name="OldestLease">When the first of these attempts was created.</param>
public sealed record NodeLoad(string Name, long Attempts, long Tasks, Instant OldestLease);
