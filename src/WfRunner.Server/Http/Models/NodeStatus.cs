using NodaTime;

namespace WfRunner.Server.Http.Models;

/// <summary>A server that runs attempts.</summary>
/// <param name="Name">Its name on leases.</param>
/// <param name="Since">Since when it is there; of other servers, how old their oldest attempt is.</param>
/// <param name="Attempts">Attempts it runs.</param>
/// <param name="Tasks">Tasks it runs.</param>
internal sealed record NodeStatus(string Name, Instant Since, long Attempts, long Tasks);
