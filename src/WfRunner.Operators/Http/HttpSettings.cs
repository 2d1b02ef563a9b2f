using System.Globalization;
using WfRunner.Core;

namespace WfRunner.Operators.Http;

/// <summary>What the system configuration says about requests. Digdag behaviour: operators-core 9.1.</summary>
/// <param name="SystemConfig">System configuration.</param>
internal sealed record HttpSettings(IReadOnlyDictionary<string, string> SystemConfig)
{
    private static readonly string Version =
        typeof(HttpSettings).Assembly.GetName().Version is { } v ? $"{v.Major}.{v.Minor}.{v.Build}" : "0";

    public bool AllowsUserProxy => Text("config.http.allow_user_proxy") is not { } text || bool.Parse(Boolean(text, "config.http.allow_user_proxy"));

    public int MaximumRedirects => Number("config.http.max_redirects", 8);

    public int LargestStoredContent => Number("config.http.max_stored_response_content_size", 65536);

    public int LargestDefinition => Number("config.http_call.max_response_content_size", 65536);

    public string UserAgent => Text("config.http.user_agent") ?? $"wf/{Version}";

    public string? Text(string key) => SystemConfig.TryGetValue(key, out var text) && text.Length > 0 ? text : null;

    private static string Boolean(string text, string key) => text.Trim().ToLowerInvariant() is "true" or "false"
        ? text.Trim()
        : throw new ConfigException($"Expected 'true' or 'false' for key '{key}' but got \"{text}\" (string)");

    private int Number(string key, int fallback) => Text(key) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ConfigException($"Expected integer (int) type for key '{key}' but got \"{text}\" (string)");
}
