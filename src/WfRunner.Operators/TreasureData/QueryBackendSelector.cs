using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// Decides which engine runs a task. In this order: <c>--backend</c> of the command line, <c>backend</c> on the task itself or below
/// <c>td:</c>, <c>query.backend</c> of the system configuration, the service that the settings speak of (a key or an address of
/// Treasure Data), the local engine. So a configured Treasure Data never leads silently to the local engine. A variable of that name
/// elsewhere is the user's own: Digdag has no such option.
/// </summary>
public sealed class QueryBackendSelector
{
    /// <summary>Key of the system configuration under which the command line's <c>--backend</c> stands.</summary>
    public const string CommandLineKey = "query.backend_of_command_line";

    private const string LocalBackend = "duckdb";

    private readonly Dictionary<string, IQueryBackend> _backends;

    /// <summary>Collects the engines.</summary>
    /// <param name="backends">The engines; no two may share a name.</param>
    public QueryBackendSelector(IEnumerable<IQueryBackend> backends) =>
        _backends = backends.ToDictionary(b => b.Name, StringComparer.Ordinal);

    /// <summary>Chooses the engine of a task.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">System configuration.</param>
    /// <param name="settings">The task's settings.</param>
    /// <returns>The engine.</returns>
    /// <exception cref="ConfigException">The named engine does not exist.</exception>
    public IQueryBackend Select(OperatorRequest request, IOperatorContext context, BackendSettings settings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var name = context.SystemConfig.GetValueOrDefault(CommandLineKey)
            ?? request.LocalConfig.GetStringOrNull("backend")
            ?? request.Config.GetMapOrEmpty("td").GetStringOrNull("backend")
            ?? context.SystemConfig.GetValueOrDefault("query.backend")
            ?? _backends.Values.FirstOrDefault(b => b.IsConfigured(settings))?.Name
            ?? LocalBackend;
        return _backends.TryGetValue(name, out var backend)
            ? backend
            : throw new ConfigException(
                $"Unknown query backend '{name}' (available: {string.Join(", ", _backends.Keys.Order(StringComparer.Ordinal))})",
                request.LocalConfig.KeySpan("backend"));
    }
}
