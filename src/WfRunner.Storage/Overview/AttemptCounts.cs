namespace WfRunner.Storage.Overview;

/// <summary>How many attempts a tenant has.</summary>
/// <param name="Running">Unfinished ones that a node runs.</param>
/// <param name="Queued">Unfinished ones that no node has: they wait for a node, or for the session before them.</param>
/// <param name="Failed">Those that ended without success lately, and that nobody had asked to stop.</param>
public sealed record AttemptCounts(long Running, long Queued, long Failed);
