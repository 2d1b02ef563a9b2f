using WfRunner.Core.Config;

namespace WfRunner.Server.Settings;

/// <summary>Shows a configuration to those who run the server. What may be a secret is masked, by the words in its key.</summary>
internal static class SettingMask
{
    private const string Mask = "***";

    // Parts of keys whose values nobody needs to see: secrets, and free texts that people put secrets into.
    private static readonly string[] Hidden =
    [
        "password", "passwd", "secret", "token", "credential", "apikey", "api-key", "api_key", "encryption-key", "access-key", "access_key",
        "private", "authorization", "auth.", "headers.", "cookie", "users.", "command", "url", "dsn", "json.content", "defaultparams",
        "database.opts.options",
    ];

    // Not the server's own: the process's environment, and what clients on the same machine are configured with.
    private static readonly string[] Foreign = ["server.environment.", "params.", "secrets.", "client."];

    /// <summary>Keys in order, with their values where these are harmless.</summary>
    public static ConfigMap Show(IReadOnlyDictionary<string, string> config) => ConfigMap.Of(config
        .Where(p => !Array.Exists(Foreign, f => p.Key.StartsWith(f, StringComparison.Ordinal)))
        .OrderBy(p => p.Key, StringComparer.Ordinal)
        .Select(p => (p.Key, (ConfigValue)(IsHidden(p.Key) ? Mask : p.Value))));

    private static bool IsHidden(string key) => Array.Exists(Hidden, word => key.Contains(word, StringComparison.OrdinalIgnoreCase));
}
