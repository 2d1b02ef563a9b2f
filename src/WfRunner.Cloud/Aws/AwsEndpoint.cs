using Amazon;
using Amazon.Runtime;
using WfRunner.Cloud.Http;
using WfRunner.Core;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Aws;

/// <summary>Where an AWS service is reached, and how: an endpoint beats a region. Digdag behaviour: operators-cloud 1.</summary>
/// <param name="Region">A region's name; null for the default.</param>
/// <param name="Address">An address of the service; null for the region's own.</param>
internal sealed record AwsEndpoint(string? Region, string? Address)
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Points a client's configuration there, through the proxy of the environment, without retries of its own.</summary>
    /// <exception cref="ConfigException">There is no such region.</exception>
    public T Apply<T>(T settings, ITaskLog log)
        where T : ClientConfig
    {
        settings.MaxErrorRetry = 0;
        settings.Timeout = TimeSpan.FromSeconds(60);
        if (Address is { Length: > 0 })
        {
            settings.ServiceURL = Address.Contains("://", StringComparison.Ordinal) ? Address : "https://" + Address;
            settings.AuthenticationRegion = Region ?? DefaultRegion;
        }
        else
        {
            settings.RegionEndpoint = RegionOf(Region ?? DefaultRegion);
        }

        if (EnvironmentProxy.For(Target(settings), log) is { } proxy)
        {
            settings.SetWebProxy(proxy);
        }

        return settings;
    }

    /// <summary>The address of a service's host, and the region that signs.</summary>
    /// <param name="service">The service in host names, for example <c>ecs</c>.</param>
    /// <exception cref="ConfigException">There is no such region, or the address is none.</exception>
    public (Uri Address, string Region) Of(string service)
    {
        var region = Region ?? DefaultRegion;
        var text = Address is not { Length: > 0 } ? $"https://{service}.{RegionOf(region).SystemName}.{RegionOf(region).PartitionDnsSuffix}"
            : Address.Contains("://", StringComparison.Ordinal) ? Address : "https://" + Address;
        return (Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new ConfigException($"Illegal AWS endpoint: {text}"), region);
    }

    private static Uri Target(ClientConfig settings)
    {
        var text = settings.ServiceURL ?? $"https://{settings.RegionEndpointServiceName}.{settings.RegionEndpoint.SystemName}.amazonaws.com";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new ConfigException($"Illegal AWS endpoint: {text}");
    }

    private static RegionEndpoint RegionOf(string name) =>
        RegionEndpoint.EnumerableAllRegions.FirstOrDefault(r => r.SystemName == name)
        ?? throw new ConfigException($"Illegal AWS region: {name}");
}
