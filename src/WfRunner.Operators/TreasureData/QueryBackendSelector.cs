using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// Decides which engine runs a query: <c>backend</c> on the task itself or below <c>td:</c>, then <c>query.backend</c> of the system
/// configuration, then the local engine. A configured Treasure Data key never leads silently to the local engine. A variable of
/// that name elsewhere is the user's own: Digdag has no such option.
/// </summary>
public sealed class QueryBackendSelector
{
    private const string LocalBackend = "duckdb";
    private const string RemoteBackend = "treasuredata";

    private readonly Dictionary<string, IQueryBackend> _backends;

    /// <summary>Collects the engines.</summary>
    /// <param name="backends">The engines; no two may share a name.</param>
    public QueryBackendSelector(IEnumerable<IQueryBackend> backends) =>
        _backends = backends.ToDictionary(b => b.Name, StringComparer.Ordinal);

    /// <summary>Chooses the engine of a task.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">System configuration and secrets.</param>
    /// <returns>The engine.</returns>
    /// <exception cref="ConfigException">The engine does not exist, or none was named although a key is configured.</exception>
    public IQueryBackend Select(OperatorRequest request, IOperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var name = request.LocalConfig.GetStringOrNull("backend")
            ?? request.Config.GetMapOrEmpty("td").GetStringOrNull("backend")
            ?? context.SystemConfig.GetValueOrDefault("query.backend")
            ?? (context.Secrets.Find("td.apikey") is null ? LocalBackend : RemoteBackend);
        if (_backends.TryGetValue(name, out var backend))
        {
            return backend;
        }

        var available = string.Join(", ", _backends.Keys.Order(StringComparer.Ordinal));
        throw new ConfigException(name == RemoteBackend
            ? "A Treasure Data key is configured, but the treasuredata backend is not part of this build yet. To run queries locally, set "
                + $"backend: {LocalBackend} under _export: td:, or query.backend={LocalBackend} in the configuration (available: {available})"
            : $"Unknown query backend '{name}' (available: {available})");
    }
}
