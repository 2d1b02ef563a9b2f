using System.Globalization;
using System.Net;
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

    /// <summary>The environment's alone.</summary>
    public static ProxyChoice OfEnvironment(ITaskLog log) => new(null, log);

    /// <summary>The proxy for an address, or null for none.</summary>
    public WebProxy? For(Uri target)
    {
        if (_configured is not null)
        {
            return new WebProxy(_configured);
        }

        if (IsExcluded(target))
        {
            return null;
        }

        string[] names = target.Scheme == "https"
            ? ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]
            : ["http_proxy", "HTTP_PROXY"];
        foreach (var name in names)
        {
            if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text)
            {
                continue;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                return WithCredentials(uri);
            }

            _log.Warn($"The environment variable {name} is ignored: it holds no address of a proxy");
        }

        return null;
    }

    private static WebProxy WithCredentials(Uri uri)
    {
        var proxy = new WebProxy(new UriBuilder(uri) { UserName = string.Empty, Password = string.Empty }.Uri);
        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? string.Empty));
        }

        return proxy;
    }

    private static bool IsExcluded(Uri target)
    {
        var list = Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY") ?? string.Empty;
        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(entry =>
        {
            var domain = entry.TrimStart('*').TrimStart('.');
            return entry == "*"
                || target.Host.Equals(domain, StringComparison.OrdinalIgnoreCase)
                || target.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
        });
    }

    private static Uri Address(ConfigMap proxy)
    {
        var scheme = proxy.GetBooleanOr("tls", false) ? "https" : "http";
        var text = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{proxy.GetString("host")}:{proxy.GetInt32("port")}");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new ConfigException($"Invalid proxy: {text}", proxy.Span);
    }
}
