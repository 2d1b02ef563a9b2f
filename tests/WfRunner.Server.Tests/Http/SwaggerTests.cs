using System.Net;
using Microsoft.OpenApi;

namespace WfRunner.Server.Tests.Http;

public sealed class SwaggerTests
{
    private readonly ProbeOperator _probe = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_it_is_switched_on_the_description_is_there_in_the_older_form_and_valid()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.enable-swagger", "true")]);
        using var text = new MemoryStream(await server.Http.GetByteArrayAsync("api/swagger.json", Cancellation));

        var read = await OpenApiDocument.LoadAsync(text, "json", null, Cancellation);

        Assert.Equal(OpenApiSpecVersion.OpenApi2_0, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(e => e.Message));
        Assert.Equal("Digdag", read.Document!.Info.Title);
        Assert.Contains("/api/attempts/{id}/kill", read.Document.Paths.Keys);
        var start = read.Document.Paths["/api/attempts"].Operations![HttpMethod.Put];
        Assert.NotNull(start.RequestBody);
    }

    [Fact]
    public async Task The_YAML_form_says_the_same()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.enable-swagger", "true")]);

        var yaml = await server.Http.GetStringAsync("api/swagger.yaml", Cancellation);

        Assert.Matches("(?m)^swagger: [\"']?2.0", yaml);
        Assert.Contains("/api/attempts/{id}/kill", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/swagger.json")]
    [InlineData("api/swagger.yaml")]
    public async Task Otherwise_it_is_not_there_and_no_page_of_another_site_may_read(string path)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        using var response = await server.Http.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Every_answer_lets_pages_of_other_sites_read_refusals_too()
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config:
            [
                ("server.enable-swagger", "true"),
                ("server.authenticator.basic.username", "ann"),
                ("server.authenticator.basic.password", "pw"),
            ]);

        using var response = await server.Http.GetAsync("api/projects", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("1209600", response.Headers.GetValues("Access-Control-Max-Age").Single());
    }
}
