using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client;
using WfRunner.Cli.Configuration;
using WfRunner.Client;
using WfRunner.Core;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;
using WfRunner.Query.Backends.TreasureData;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Tests.Client;

/// <summary>Which server is meant, and what is sent to it.</summary>
public sealed class ConnectionPlanTests
{
    private const string Us = "https://api-workflow.treasuredata.com/";

    [Theory]
    [InlineData("", "", "", "http://127.0.0.1:65432/")]
    [InlineData("-e host:8080", "client.http.endpoint=http://other", "", "http://host:8080/")]
    [InlineData("-e https://api.eu01.treasuredata.com", "", "", "https://api-workflow.eu01.treasuredata.com/")]
    [InlineData("-e api.example.com", "", "", "http://api.example.com/")]
    [InlineData("--site jp01", "client.http.endpoint=http://other", "", "https://api-workflow.treasuredata.co.jp/")]
    [InlineData("", "client.http.endpoint=https://h:1/base", "", "https://h:1/base/")]
    [InlineData("", "client.http.endpoint=api.treasuredata.com", "", Us)]
    [InlineData("", "client.site=ap02", "", "https://api-workflow.ap02.treasuredata.com/")]
    [InlineData("--target td", "", "", Us)]
    [InlineData("--target td", "", "TD_API_SERVER=https://api.ap03.treasuredata.com", "https://api-workflow.ap03.treasuredata.com/")]
    [InlineData("--target td", "", "td.conf=endpoint=https://api.eu01.treasuredata.com", "https://api-workflow.eu01.treasuredata.com/")]
    [InlineData("", "", "TD_API_SERVER=https://api.eu01.treasuredata.com", "http://127.0.0.1:65432/")]
    [InlineData("", "client.http.endpoint=http://x;io.digdag.standards.td.client-configurator.enabled=true", "td.conf=apikey=1/a", Us)]
    [InlineData("-e http://x", "io.digdag.standards.td.client-configurator.enabled=true", "td.conf=apikey=1/a", "http://x/")]
    [InlineData("", "client.http.endpoint=http://x;io.digdag.standards.td.client-configurator.enabled=true", "", "http://x/")]
    public void The_first_that_names_a_server_wins(string options, string config, string surroundings, string endpoint) =>
        Assert.Equal(endpoint, Settings(options, config, surroundings).Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("--site us01", "", "TD_API_KEY=1/abc", "TD1 1/abc")]
    [InlineData("--site us01", "", "TDX_API_KEY=1/abc;td.conf=apikey=2/def", "TD1 1/abc")]
    [InlineData("--site us01", "", "td.conf=apikey=2/def", "TD1 2/def")]
    [InlineData("--site us01", "secrets.td.apikey=3/x", "td.conf=apikey=2/def", "TD1 3/x")]
    [InlineData("--site us01", "client.http.headers.authorization=9/z", "TD_API_KEY=1/abc", "TD1 9/z")]
    [InlineData("--site us01 -H Authorization=Bearer.x", "", "TD_API_KEY=1/abc", "Bearer.x")]
    [InlineData("-e http://127.0.0.1:1 --target td", "", "TD_API_KEY=1/abc;td.conf=apikey=2/def", null)]
    [InlineData("-e http://api-workflow.treasuredata.com.example.com", "", "TD_API_KEY=1/abc", null)]
    [InlineData("--basic-auth u:p", "client.http.headers.AUTHORIZATION=x", "", "Basic dTpw")]
    [InlineData("", "client.http.endpoint=http://x;io.digdag.standards.td.client-configurator.enabled=true", "td.conf=apikey=1/a", "TD1 1/a")]
    public void Keys_of_the_surroundings_go_to_the_hosted_service_only(string options, string config, string surroundings, string? authorization) =>
        Assert.Equal(authorization, Settings(options, config, surroundings).Headers.GetValueOrDefault("Authorization"));

    [Fact]
    public void Files_of_private_addresses_come_through_the_service()
    {
        Assert.True(Settings("-e api-acme.connect.treasuredata.com", "", "").DisablesDirectDownload);
        Assert.False(Settings("--site us01", "", "").DisablesDirectDownload);
        Assert.True(Settings("", "client.http.disable_direct_download=true", "").DisablesDirectDownload);
    }

    [Fact]
    public void The_time_limit_is_a_number_of_seconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Settings("", "client.http.timeout=7", "").Timeout);
        Assert.Throws<CommandLineException>(() => Settings("", "client.http.timeout=soon", ""));
    }

    [Fact]
    public void An_api_server_that_is_none_is_named() => Assert.Equal(
        "Workflow is not supported for 'api.example.com'",
        Assert.Throws<WorkflowException>(() => Settings("--target td", "", "TD_API_SERVER=api.example.com")).Message);

    [Fact]
    public void The_sites_that_completion_offers_are_those_that_are_known() =>
        Assert.Equal(HostedService.Known.Sites.Select(s => s.Name), ClientOptions.Site.Words);

    [Fact]
    public void A_profiles_settings_stand_in_front_of_the_others()
    {
        var config = Pairs("client.http.endpoint=http://a;profile.prod.client.http.endpoint=http://b;profile.prod.params.x=1;profile.other.client.site=jp01");

        var chosen = Profile.Apply(config, "prod");

        Assert.Equal(("http://b", "1"), (chosen["client.http.endpoint"], chosen["params.x"]));
        Assert.Same(config, Profile.Apply(config, null));
        Assert.Contains("other, prod", Assert.Throws<CommandLineException>(() => Profile.Apply(config, "pro")).Message, StringComparison.Ordinal);
    }

    private static ClientSettings Settings(string options, string config, string surroundings)
    {
        var variables = Pairs(surroundings);
        var arguments = ArgumentParser.Parse(options.Split(' ', StringSplitOptions.RemoveEmptyEntries), [.. ClientOptions.All]);
        var plan = new ConnectionPlan(arguments, Pairs(config), new TdSurroundings(name => variables.GetValueOrDefault(name), _ => variables.GetValueOrDefault("td.conf"), "/home"));
        return plan.Settings(Context());
    }

    private static CommandContext Context() => new()
    {
        Version = "0",
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        In = Stream.Null,
        CurrentDirectory = "/",
        SystemConfig = new Dictionary<string, string>(),
        ConfigHome = "/",
        Log = LogOutput.ToWriter(TextWriter.Null, TaskLogLevel.Info, DateTimeZone.Utc, false),
        Clock = SystemClock.Instance,
        SystemTimeZone = DateTimeZone.Utc,
    };

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
}
