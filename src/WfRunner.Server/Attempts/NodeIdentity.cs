using System.Globalization;
using NodaTime;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>This process among all that share a store.</summary>
internal sealed class NodeIdentity
{
    /// <summary>How long a lease lives unless it is renewed; Digdag's <c>agent.lock-retention-time</c>.</summary>
    public static readonly Duration LeaseTime = Duration.FromSeconds(300);

    /// <summary>How often leases are renewed; Digdag's <c>agent.heartbeat-interval</c>.</summary>
    public static readonly Duration RenewInterval = Duration.FromSeconds(60);

    /// <summary>Name in log files: <c>pid@host</c>, as Digdag's.</summary>
    public string AgentId { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}@{Environment.MachineName.Replace('/', '_')}");

    /// <summary>Name on leases. Containers often all have process number 1 and the same host name, hence the random part.</summary>
    public string Name { get; }

    public NodeIdentity() => Name = AgentId + "/" + Guid.NewGuid().ToString("N");

    /// <summary>A claim from now on.</summary>
    public NodeClaim Claim(Instant now) => new(Name, now, now + LeaseTime);
}
