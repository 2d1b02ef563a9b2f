using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests.Security;

/// <summary>Attacks: reading what must not be read, and writing into answers and logs what must not be there.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3t-value-of-a-project";
    private const string Password = "s3cr3t-password";
    private const string Token = "s3cr3t-token";
    private const string Default = "s3cr3t-default-param";

    private static readonly string Key = Convert.ToBase64String(Encoding.ASCII.GetBytes("s3cr3t-encryption-key-of-32bytes"));

    [Fact]
    public async Task No_answer_and_no_log_shows_a_secret()
    {
        await using var log = new StringWriter();
        using var output = LogOutput.ToWriter(TextWriter.Synchronized(log), TaskLogLevel.Trace, DateTimeZone.Utc, colored: false);
        var access = Directory.CreateTempSubdirectory("wf-access-").FullName;
        await using (var server = await StartAsync(new ProbeOperator { Log = output }, access))
        {
            var (pushed, project) = await server.PushAsync("demo", "r1", ("wf.dig", "schedule:\n  daily>: 07:00:00\n+a:\n  probe>: a\n"));
            Assert.True(pushed == HttpStatusCode.OK, project.ToString());
            await server.SendAsync(HttpMethod.Put, "api/projects/1/secrets/a", $$"""{"value":"{{Secret}}"}""");
            await server.SendAsync(HttpMethod.Put, "api/projects/1/secrets/b", $$"""{"value":"{{Secret}}" """);
            await server.SendAsync(HttpMethod.Put, "api/projects/1/secrets/c", $$"""{"value":["{{Secret}}"]}""");
            await server.StartAttemptAsync();
            await server.EndOfFirstAsync();

            foreach (var answer in await AnswersAsync(server))
            {
                AssertClean(answer, withParams: true);
            }
        }

        AssertClean(log.ToString(), withParams: false);
        AssertClean(await File.ReadAllTextAsync(Path.Combine(access, "access.log"), TestContext.Current.CancellationToken), withParams: false);
        Directory.Delete(access, recursive: true);
    }

    [Theory]
    [InlineData("X-A", "a\r\nSet-Cookie: b=c")]
    [InlineData("X-A", "a\nb")]
    [InlineData("X A", "a")]
    [InlineData("X-A:", "a")]
    [InlineData("X\r\nY", "a")]
    [InlineData("", "a")]
    public void A_configured_header_that_would_forge_another_stops_the_start(string name, string value) =>
        Assert.Throws<ConfigException>(() => ServerSettings.Of(new Dictionary<string, string> { ["server.http.headers." + name] = value }, "/"));

    [Theory]
    [InlineData("/api/projects/1%0D%0ASet-Cookie:%20a=b")]
    [InlineData("/api/project?name=%0D%0ASet-Cookie:%20a=b")]
    [InlineData("/api/workflows/1/truncated_session_time?session_time=%0D%0ASet-Cookie:%20a=b")]
    [InlineData("/api/version/check?client=%0D%0ASet-Cookie:%20a=b")]
    public async Task What_a_request_says_forges_no_header(string path)
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());

        var answer = await RawConnection.AskAsync(server, $"GET {path} HTTP/1.1");

        Assert.Matches("^HTTP/1.1 4\\d\\d ", answer);
        Assert.DoesNotContain("\nSet-Cookie", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Content-Type-Options: nosniff\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/version HTTP/1.1", "Content-Length: 3\r\nContent-Length: 4\r\n")]
    [InlineData("GET /api/version HTTP/1.1", "Content-Length: -1\r\n")]
    [InlineData("GET /api/version HTTP/1.1", "X : a\r\n")]
    [InlineData("GET  /api/version HTTP/1.1", "")]
    [InlineData("GET /api/version HTTP/9.9", "")]
    public async Task Requests_that_two_readers_would_read_differently_are_refused(string line, string headers)
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());

        var answer = await RawConnection.AskAsync(server, line, headers);

        Assert.Matches("^HTTP/1.1 (400|505) ", answer);
    }

    private static async Task<IReadOnlyList<string>> AnswersAsync(RunningServer server)
    {
        var document = JsonNode.Parse(await server.Http.GetStringAsync("api/openapi.json", TestContext.Current.CancellationToken))!;
        var log = ((ConfigMap)((ConfigList)(await server.GetAsync("api/logs/1/files"))["files"]!).Items[0]).GetString("fileName");
        var answers = new List<string>();
        foreach (var path in document["paths"]!.AsObject().Where(p => p.Value!["get"] is not null && p.Key != "/api/events").Select(p => p.Key))
        {
            var filled = path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{name}", "wf", StringComparison.Ordinal)
                .Replace("{fileName}", Uri.EscapeDataString(log), StringComparison.Ordinal);
            using var response = await server.Http.GetAsync(filled[1..] + "?name=wf&project=demo", TestContext.Current.CancellationToken);
            answers.Add($"{path} {response.Headers} {await TextAsync(response)}");
        }

        Assert.True(answers.Count > 25);
        return answers;
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(response.Content.Headers.ContentType?.MediaType == "application/gzip"
            ? new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress)
            : stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static void AssertClean(string text, bool withParams)
    {
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}")), text, StringComparison.Ordinal);
        if (withParams)
        {
            Assert.DoesNotContain(Default, text, StringComparison.Ordinal);
        }
    }

    private static async Task<RunningServer> StartAsync(ProbeOperator probe, string access)
    {
        var server = await RunningServer.StartAsync(
            probe,
            config:
            [
                ("server.authenticator.basic.username", "ann"),
                ("server.authenticator.basic.password", Password),
                ("server.authenticator.basic.admin", "true"),
                ("server.authenticator.tokens.ci.value", Token),
                ("digdag.secret-encryption-key", Key),
                ("digdag.defaultParams", $$"""{"hidden":"{{Default}}"}"""),
                ("server.access-log.path", access),
            ]);
        server.Http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}")));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/projects")).Status);
        return server;
    }
}
