using System.Globalization;
using NodaTime;
using WfRunner.Server.Settings;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>This process among all that share a store.</summary>
internal sealed class NodeIdentity
{
    private readonly NodeSettings _settings;

    public NodeIdentity(NodeSettings settings)
    {
        _settings = settings;
        AgentId = (settings.AgentId
            ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}@{Environment.MachineName}")).Replace('/', '_');
        Name = AgentId + "/" + Guid.NewGuid().ToString("N");
    }

    /// <summary>Name in log files: <c>pid@host</c>, as Digdag's, unless it is configured.</summary>
    public string AgentId { get; }

    /// <summary>Name on leases. Containers often all have process number 1 and the same host name, hence the random part.</summary>
    public string Name { get; }

    /// <summary>How often leases are renewed.</summary>
    public Duration RenewInterval => _settings.Heartbeat;

    /// <summary>
    /// How long this node trusts a lease that it could not renew. Somewhat less than the lease lives, so that its tasks have ended when
    /// another node begins.
    /// </summary>
    public Duration TrustTime => _settings.LeaseTime * 9 / 10;

    /// <summary>A claim from now on.</summary>
    public NodeClaim Claim(Instant now) => new(Name, now, now + _settings.LeaseTime);
}
