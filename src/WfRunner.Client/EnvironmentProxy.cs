using System.Net;

namespace WfRunner.Client;

/// <summary>
/// The proxy that the environment names. Digdag behaviour: cli-client 2.3: the first of the variables that is not blank, port 8080
/// unless given. Better than Digdag: user and password count, and so does <c>no_proxy</c>.
/// </summary>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="warn">Told what is ignored; never a password.</param>
public sealed class EnvironmentProxy(Func<string, string?> variable, Action<string> warn) : IWebProxy
{
    private const int DefaultPort = 8080;

    private static readonly string[] ForHttps = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];
    private static readonly string[] ForHttp = ["http_proxy", "HTTP_PROXY"];

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; } = new UrlCredentials(variable);

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var name in destination.Scheme == Uri.UriSchemeHttps ? ForHttps : ForHttp)
        {
            if (variable(name) is not { } text || string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            if (Parse(text) is { } address)
            {
                return address;
            }

            if (_warned.Add(name))
            {
                warn($"The environment variable {name} is ignored: it holds no address of a proxy");
            }

            return null;
        }

        return null;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IsExcepted(host.Host) || GetProxy(host) is null;
    }

    private static Uri? Parse(string text)
    {
        var trimmed = text.Trim();
        var url = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "http://" + trimmed;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Host.Length == 0
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        // An Uri cannot tell a port that was left out from one that is its scheme's own.
        var authority = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0];
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return new UriBuilder(address.Scheme, address.Host, hasPort ? address.Port : DefaultPort).Uri;
    }

    private bool IsExcepted(string host)
    {
        var list = variable("no_proxy") ?? variable("NO_PROXY") ?? string.Empty;
        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(entry =>
        {
            var domain = entry.TrimStart('*').TrimStart('.');
            return entry == "*"
                || host.Equals(domain, StringComparison.OrdinalIgnoreCase)
                || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
        });
    }

    /// <summary>User and password as they stand in the variables' URLs.</summary>
    private sealed class UrlCredentials(Func<string, string?> variable) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            foreach (var name in ForHttps)
            {
                if (variable(name)?.Trim() is { Length: > 0 } text
                    && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var address)
                    && address.UserInfo.Length > 0
                    && address.Host == uri.Host)
                {
                    var parts = address.UserInfo.Split(':', 2);
                    return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
                }
            }

            return null;
        }
    }
}
