using System.Globalization;
using System.Net;

namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>url_extract_*</c>; text that is no URL gives NULL (operators-td 22.3).</summary>
internal static class UrlParts
{
    /// <summary>One part of a URL: <c>protocol host port path query fragment</c>.</summary>
    public static string? Extract(string url, string part) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        ? part switch
        {
            "protocol" => uri.Scheme,
            "host" => uri.Host,
            "port" => uri.IsDefaultPort ? null : uri.Port.ToString(CultureInfo.InvariantCulture),
            "path" => uri.AbsolutePath == "/" && !url.EndsWith('/') && uri.Query.Length == 0 ? string.Empty : Uri.UnescapeDataString(uri.AbsolutePath),
            "query" => Uri.UnescapeDataString(uri.Query.TrimStart('?')),
            "fragment" => Uri.UnescapeDataString(uri.Fragment.TrimStart('#')),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
        }
        : null;

    /// <summary>The first value of a query parameter, decoded.</summary>
    public static string? Parameter(string url, string name)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return null;
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]);
            if (key == name)
            {
                return equals < 0 ? string.Empty : WebUtility.UrlDecode(pair[(equals + 1)..]);
            }
        }

        return null;
    }
}
