using NodaTime;
using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>How a server behaves as one of several nodes on a database.</summary>
public sealed record NodeSettings
{
    /// <summary>Name in the names of log files, unique among the nodes; null for <c>pid@host</c>.</summary>
    public string? AgentId { get; init; }

    /// <summary>How often a node says that it lives.</summary>
    public Duration Heartbeat { get; init; } = Duration.FromSeconds(10);

    /// <summary>
    /// How long a node may be silent before the others take its attempts. Digdag's default is 300 s, because it asks the database once a
    /// task; here one statement speaks for all attempts of a node.
    /// </summary>
    public Duration LeaseTime { get; init; } = Duration.FromSeconds(60);

    internal static NodeSettings Of(SettingReader read)
    {
        var defaults = new NodeSettings();
        var heartbeat = Seconds("agent.heartbeat-interval") ?? defaults.Heartbeat;
        var lease = Seconds("agent.lock-retention-time") ?? Duration.Max(defaults.LeaseTime, heartbeat * 3);
        if (lease <= heartbeat * 2)
        {
            throw new ConfigException(
                $"agent.lock-retention-time ({lease.TotalSeconds} s) must be more than twice agent.heartbeat-interval ({heartbeat.TotalSeconds} s): "
                + "a single late heartbeat would give running attempts to another server");
        }

        return new NodeSettings { AgentId = read.Text("agent.id"), Heartbeat = heartbeat, LeaseTime = lease };

        Duration? Seconds(string key) => read.Int32OrNull(key) switch
        {
            null => null,
            var seconds and > 0 => Duration.FromSeconds(seconds.Value),
            var seconds => throw new ConfigException($"{key} must be a number of seconds greater than 0, but is {seconds}"),
        };
    }
}
