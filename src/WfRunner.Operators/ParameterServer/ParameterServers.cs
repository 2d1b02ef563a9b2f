using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.ParameterServer;

/// <summary>Finds the parameter server that the system configuration names. Digdag behaviour: operators-core 11.</summary>
public static class ParameterServers
{
    /// <summary>Checks the configuration without connecting, so that a mistake shows when the program starts.</summary>
    /// <param name="systemConfig">System configuration; the keys <c>param_server.*</c> are read.</param>
    /// <exception cref="ConfigException">The type of the server is unknown.</exception>
    public static void Check(IReadOnlyDictionary<string, string> systemConfig)
    {
        ArgumentNullException.ThrowIfNull(systemConfig);
        if (systemConfig.TryGetValue("param_server.type", out var type) && type is not ("postgresql" or "redis"))
        {
            throw Unsupported(type);
        }
    }

    /// <summary>Connects.</summary>
    /// <param name="systemConfig">System configuration.</param>
    /// <param name="cancellationToken">Ends the connecting.</param>
    /// <exception cref="WorkflowException">No server is configured, or it cannot be reached.</exception>
    internal static async Task<IParameterStore> OpenAsync(
        IReadOnlyDictionary<string, string> systemConfig, CancellationToken cancellationToken)
    {
        var settings = systemConfig.Below("param_server.");
        return settings.GetStringOrNull("type") switch
        {
            "postgresql" => await PostgreSqlParameterStore.OpenAsync(settings, cancellationToken).ConfigureAwait(false),
            "redis" => await RedisParameterStore.OpenAsync(settings, cancellationToken).ConfigureAwait(false),
            null => throw new ConfigException("param_server.type is required to use this operator."),
            var unknown => throw Unsupported(unknown),
        };
    }

    private static ConfigException Unsupported(string type) => new($"Unsupported param_server.type : {type}");
}
