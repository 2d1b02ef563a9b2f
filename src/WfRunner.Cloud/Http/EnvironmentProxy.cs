using System.Net;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Http;

/// <summary>The proxy that the environment names: <c>http_proxy</c>, <c>https_proxy</c> and <c>no_proxy</c>, in either case.</summary>
internal static class EnvironmentProxy
{
    /// <summary>The proxy for an address, or null for none.</summary>
    /// <param name="target">The address.</param>
    /// <param name="log">Told of a variable that is ignored.</param>
    public static WebProxy? For(Uri target, ITaskLog log)
    {
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

            log.Warn($"The environment variable {name} is ignored: it holds no address of a proxy");
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
}
