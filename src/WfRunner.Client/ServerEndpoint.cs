using System.Globalization;
using WfRunner.Core;

namespace WfRunner.Client;

/// <summary>Where a server is, as users write it. Digdag behaviour: cli-client 2.2; URLs with a path and IPv6 addresses work too.</summary>
public static class ServerEndpoint
{
    /// <summary>The server that is asked when nobody names one.</summary>
    public const string Default = "http://127.0.0.1:65432";

    private const int HttpPort = 80;

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text"><c>host</c>, <c>host:port</c>, or an <c>http</c> or <c>https</c> URL.</param>
    /// <returns>The URL that paths of the API are appended to; ends with a slash.</returns>
    /// <exception cref="WorkflowException">The text is none of these.</exception>
    public static Uri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return ParseHost(text);
        }

        if (text[..scheme] is not ("http" or "https"))
        {
            throw new WorkflowException(FailureKind.TaskExecution, $"Endpoint must start with http:// or https://: {text}");
        }

        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) ? url : throw Invalid(text);
    }

    private static Uri ParseHost(string text)
    {
        var colon = text.StartsWith('[') ? text.LastIndexOf("]:", StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        var port = HttpPort;
        if (colon > 0 && !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            throw new WorkflowException(FailureKind.NumberFormat, $"For input string: \"{text[(colon + 1)..]}\"");
        }

        var host = colon > 0 ? text[..colon] : text;
        return Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/"), UriKind.Absolute, out var url)
            ? url
            : throw Invalid(text);
    }

    private static WorkflowException Invalid(string text) => new(FailureKind.TaskExecution, $"Endpoint is no valid address: {text}");
}
