using System.Text.RegularExpressions;
using WfRunner.Core;
using WfRunner.Core.Hosted;

namespace WfRunner.Client;

/// <summary>Addresses of Treasure Data's hosted workflow service. Its rule of names is that of Treasure Data's own command line.</summary>
public static partial class HostedEndpoint
{
    /// <summary>Whether a host is one of the workflow service.</summary>
    /// <param name="host">The host.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsWorkflowHost(string host) => WorkflowHost().IsMatch(host);

    /// <summary>Whether files of the service must come through it rather than from its storage: the storage is not reachable there.</summary>
    /// <param name="host">The host.</param>
    /// <returns>Whether they must.</returns>
    public static bool IsPrivate(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IsWorkflowHost(host) && host.Contains(".connect.", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The address of the workflow service that belongs to a host of Treasure Data's API.</summary>
    /// <param name="api">A host or URL, of the API or of the workflow service itself.</param>
    /// <returns>The address.</returns>
    /// <exception cref="WorkflowException">It is no such host.</exception>
    public static Uri Of(string api) => TryOf(api)
        ?? throw new WorkflowException(FailureKind.TaskExecution, $"Workflow is not supported for '{api}'");

    /// <summary>The address of the workflow service that belongs to a host of Treasure Data's API.</summary>
    /// <param name="api">A host or URL.</param>
    /// <returns>The address; null when it is no such host.</returns>
    public static Uri? TryOf(string api)
    {
        ArgumentNullException.ThrowIfNull(api);
        var host = HostOf(api);
        if (IsWorkflowHost(host))
        {
            return new Uri($"https://{host}/");
        }

        return ApiHost().Match(host) is { Success: true, Groups: var part }
            ? new Uri($"https://api{part["stage"]}-workflow{part["name"]}.{part["connect"]}{part["region"]}treasuredata.{part["top"]}/".ToLowerInvariant())
            : null;
    }

    /// <summary>The address of a site.</summary>
    /// <param name="name">For example <c>us01</c>.</param>
    /// <returns>The address.</returns>
    /// <exception cref="WorkflowException">There is no such site.</exception>
    public static Uri OfSite(string name)
    {
        var sites = HostedService.Known.Sites;
        return sites.FirstOrDefault(s => s.Name == name) is { } site
            ? new Uri($"https://{site.WorkflowHost}/")
            : throw new WorkflowException(
                FailureKind.TaskExecution, $"Unknown site '{name}'. Use one of {string.Join(", ", sites.Select(s => s.Name))}.");
    }

    /// <summary>The site that an address belongs to.</summary>
    /// <param name="endpoint">The address.</param>
    /// <returns>The site; null for other servers and private addresses.</returns>
    public static HostedSite? SiteOf(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return HostedService.Known.Sites.FirstOrDefault(s => s.WorkflowHost.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase));
    }

    private static string HostOf(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? text : text[(scheme + 3)..];
        return rest.Split('/')[0].Split(':')[0];
    }

    [GeneratedRegex(
        "^api(?<stage>-staging|-development)?(?<name>-[a-z0-9-]+)?\\.(?<connect>connect\\.)?(?<region>(?:eu01|ap02|ap03)\\.)?treasuredata\\.(?<top>com|co\\.jp)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ApiHost();

    [GeneratedRegex(
        "^api(?:-staging|-development)?-workflow(?:-[a-z0-9-]+)?\\.(?:connect\\.)?(?:(?:us01|eu01|ap02|ap03)\\.)?treasuredata\\.(?:com|co\\.jp)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WorkflowHost();
}
