using WfRunner.Core;
using WfRunner.Core.Hosted;

namespace WfRunner.Client.Tests;

public sealed class HostedEndpointTests
{
    [Theory]
    [InlineData("api.treasuredata.com", "https://api-workflow.treasuredata.com/")]
    [InlineData("https://api.eu01.treasuredata.com", "https://api-workflow.eu01.treasuredata.com/")]
    [InlineData("https://API.treasuredata.co.jp/v3", "https://api-workflow.treasuredata.co.jp/")]
    [InlineData("api-staging.treasuredata.com", "https://api-staging-workflow.treasuredata.com/")]
    [InlineData("api-acme.connect.treasuredata.com", "https://api-workflow-acme.connect.treasuredata.com/")]
    [InlineData("api-acme.connect.ap02.treasuredata.com", "https://api-workflow-acme.connect.ap02.treasuredata.com/")]
    [InlineData("https://api-workflow.ap03.treasuredata.com", "https://api-workflow.ap03.treasuredata.com/")]
    public void The_workflow_host_follows_from_the_api_host(string api, string workflow) => Assert.Equal(workflow, HostedEndpoint.Of(api).AbsoluteUri);

    [Theory]
    [InlineData("api.example.com")]
    [InlineData("api.treasuredata.com.example.com")]
    [InlineData("evil-api.treasuredata.com")]
    [InlineData("api.us02.treasuredata.com")]
    public void Other_hosts_are_named(string host)
    {
        Assert.Null(HostedEndpoint.TryOf(host));
        Assert.Equal($"Workflow is not supported for '{host}'", Assert.Throws<WorkflowException>(() => HostedEndpoint.Of(host)).Message);
        Assert.False(HostedEndpoint.IsWorkflowHost(host));
    }

    [Fact]
    public void Every_site_follows_the_same_rule()
    {
        Assert.All(HostedService.Known.Sites, site => Assert.Equal(HostedEndpoint.Of(site.ApiHost), HostedEndpoint.OfSite(site.Name)));
        Assert.All(HostedService.Known.Sites, site => Assert.Equal(site, HostedEndpoint.SiteOf(HostedEndpoint.OfSite(site.Name))));
        Assert.Throws<WorkflowException>(() => HostedEndpoint.OfSite("mars"));
    }

    [Fact]
    public void Files_of_private_addresses_come_through_the_service()
    {
        Assert.True(HostedEndpoint.IsPrivate("api-workflow-acme.connect.treasuredata.com"));
        Assert.False(HostedEndpoint.IsPrivate("api-workflow.treasuredata.com"));
    }
}
