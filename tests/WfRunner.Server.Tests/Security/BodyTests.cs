using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Security;

/// <summary>Attacks: bodies that are too large, unpack to too much, or never end.</summary>
public sealed class BodyTests
{
    private readonly ProbeOperator _probe = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_JSON_body_that_is_too_large_is_refused_before_it_comes()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("PUT /api/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 67108864\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_JSON_body_that_unpacks_to_much_more_than_it_is_is_refused()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        using var content = new ByteArrayContent(Compressed(64));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await server.Http.PutAsync("api/attempts", content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("exceeds 16777216 bytes", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_that_is_nested_without_end_is_refused()
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, _) = await server.SendAsync(
            HttpMethod.Put, "api/attempts", string.Concat(Enumerable.Repeat("{\"params\":", 100_000)) + "1" + new string('}', 100_000));

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task JSON_that_is_not_packed_as_it_says_is_refused(string encoding)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);

        using var response = await server.Http.PutAsync("api/attempts", content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("a.dig/x")]
    [InlineData("300 letters")]
    public async Task An_archive_with_a_name_that_no_folder_can_hold_is_refused(string name)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        name = name == "300 letters" ? new string('n', 300) : name;

        var (status, body) = await server.PushAsync("p", "r", ("a.dig", "+a:\n  probe>: a\n"), (name, "x"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain("/tmp", body.GetString("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not gzip at all")]
    [InlineData("")]
    public async Task What_is_no_archive_is_refused(string body)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, _) = await server.PushAsync("api/projects?project=p&revision=r", Encoding.UTF8.GetBytes(body));

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task An_archive_that_unpacks_to_much_more_than_it_is_ends_early()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        var bomb = RunningServer.Archive(tar => tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[100 * 1024 * 1024]) }));
        Assert.True(bomb.Length < 2 * 1024 * 1024);

        var (status, body) = await server.PushAsync("api/projects?project=p&revision=r", bomb);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Size of a file in the archive exceeds limit (104857600 > 2097152 bytes)", body.GetString("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_of_too_many_files_is_refused()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        var many = RunningServer.Archive(tar =>
        {
            for (var i = 0; i < 150_000; i++)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"f{i}"));
            }
        });

        var (status, _) = await server.PushAsync("api/projects?project=p&revision=r", many);

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task An_upload_without_a_length_is_cut_off_at_the_limit()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/projects?project=p&revision=r") { Content = new Endless() };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        request.Headers.TransferEncodingChunked = true;

        try
        {
            using var response = await server.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server has closed the connection while the client was still sending, which is the point.
        }

        Assert.Empty(((ConfigList)(await server.GetAsync("api/projects"))["projects"]!).Items);
    }

    [Fact]
    public async Task A_head_that_never_ends_is_cut_off()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.request-parse-timeout", "1")]);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        Assert.StartsWith("HTTP/1.1 408 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_never_comes_is_cut_off()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.io-idle-timeout", "1")]);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("PUT /api/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        Assert.Matches("^HTTP/1.1 4\\d\\d ", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task An_idle_connection_is_closed()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.no-request-timeout", "1")]);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_connections_are_not_taken()
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.max-connections", "1")]);
        await using var first = await RawConnection.OpenAsync(server);
        await first.SendAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");

        await using var second = await RawConnection.OpenAsync(server);

        Assert.Empty(await second.ReadToEndAsync());
    }

    [Theory]
    [InlineData(40_000, 0)]
    [InlineData(10, 40_000)]
    public async Task A_head_that_is_too_large_is_refused(int target, int header)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var answer = await RawConnection.AskAsync(server, $"GET /api/{new string('a', target)} HTTP/1.1", $"X-Large: {new string('a', header)}\r\n");

        Assert.Matches("^HTTP/1.1 (414|431) ", answer);
    }

    private static byte[] Compressed(int megabytes)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{\"workflowId\":\""u8);
            for (var i = 0; i < megabytes; i++)
            {
                gzip.Write(Enumerable.Repeat((byte)'1', 1024 * 1024).ToArray());
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A valid gzip stream of a tar whose file has no end.</summary>
    private sealed class Endless : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var gzip = new GZipStream(stream, CompressionLevel.NoCompression);
            var random = new byte[64 * 1024];
            for (var i = 0; i < 10_000; i++)
            {
                Random.Shared.NextBytes(random);
                await gzip.WriteAsync(random, Cancellation);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
