using System.Globalization;
using System.Net;
using WfRunner.Cloud.Http;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>
/// Which proxy a request takes: the task's, else the system's, else the environment's. Digdag behaviour: operators-core 9.1.
/// Better than Digdag: <c>no_proxy</c> counts.
/// </summary>
internal sealed class ProxyChoice
{
    private readonly Uri? _configured;
    private readonly ITaskLog _log;

    private ProxyChoice(Uri? configured, ITaskLog log)
    {
        _configured = configured;
        _log = log;
    }

    public static ProxyChoice Of(ConfigMap options, HttpSettings settings, ITaskLog log)
    {
        var own = options.GetMapOrEmpty("proxy");
        var user = own.GetBooleanOr("enabled", false) ? Address(own) : null;
        if (user is not null && !settings.AllowsUserProxy)
        {
            log.Warn("The proxy of the task is ignored: config.http.allow_user_proxy is false");
            user = null;
        }

        return new ProxyChoice(user ?? (settings.Proxy.GetBooleanOr("enabled", false) ? Address(settings.Proxy) : null), log);
    }

    /// <summary>The proxy for an address, or null for none.</summary>
    public WebProxy? For(Uri target) => _configured is null ? EnvironmentProxy.For(target, _log) : new WebProxy(_configured);

    private static Uri Address(ConfigMap proxy)
    {
        var scheme = proxy.GetBooleanOr("tls", false) ? "https" : "http";
        var text = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{proxy.GetString("host")}:{proxy.GetInt32("port")}");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new ConfigException($"Invalid proxy: {text}", proxy.Span);
    }
}
