using NodaTime;

namespace WfRunner.Storage.Attempts;

/// <summary>A node that takes or keeps leases.</summary>
/// <param name="Node">Name of the node, unique among all that share the store.</param>
/// <param name="Now">The time now.</param>
/// <param name="Until">When the leases expire unless they are renewed.</param>
public sealed record NodeClaim(string Node, Instant Now, Instant Until);
