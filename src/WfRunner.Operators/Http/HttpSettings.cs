using WfRunner.Core.Config;

namespace WfRunner.Operators.Http;

/// <summary>What the system configuration says about requests. Digdag behaviour: operators-core 9.1.</summary>
internal sealed class HttpSettings
{
    private static readonly string Version =
        typeof(HttpSettings).Assembly.GetName().Version is { } v ? $"{v.Major}.{v.Minor}.{v.Build}" : "0";

    public HttpSettings(IReadOnlyDictionary<string, string> systemConfig)
    {
        var http = systemConfig.Below("config.http.");
        AllowsUserProxy = http.GetBooleanOr("allow_user_proxy", true);
        MaximumRedirects = http.GetInt32OrNull("max_redirects") ?? 8;
        LargestStoredContent = http.GetInt32OrNull("max_stored_response_content_size") ?? 65536;
        LargestDefinition = systemConfig.Below("config.http_call.").GetInt32OrNull("max_response_content_size") ?? 65536;
        UserAgent = http.GetStringOr("user_agent", $"wf/{Version}");
        Proxy = systemConfig.Below("config.http.proxy.");
    }

    public bool AllowsUserProxy { get; }

    public int MaximumRedirects { get; }

    /// <summary>In characters.</summary>
    public int LargestStoredContent { get; }

    /// <summary>In characters.</summary>
    public int LargestDefinition { get; }

    public string UserAgent { get; }

    /// <summary>The settings of the system's proxy: enabled, host, port, tls.</summary>
    public ConfigMap Proxy { get; }
}
