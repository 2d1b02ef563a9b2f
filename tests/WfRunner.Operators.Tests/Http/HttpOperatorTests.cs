using System.Text;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Http;

namespace WfRunner.Operators.Tests.Http;

public sealed class HttpOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();
    private readonly HttpOperator _http = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task The_status_is_stored_and_older_results_are_reset()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(201, "made"));

        var result = await ResultAsync($"http>: {server.Address}/x");

        Assert.Equal("""{"http":{"last_status":201}}""", ConfigJson.Write(result.StoreParams));
        Assert.Equal(["http.last_status", "http.last_content"], result.ResetStoreParams);
        Assert.StartsWith("GET /x HTTP/1.1\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Type: text/plain", "é", "utf-8")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1", "é", "iso-8859-1")]
    [InlineData("Content-Type: text/plain; charset=\"Shift_JIS\"", "日本", "shift_jis")]
    public async Task Content_is_read_in_its_charset(string header, string text, string charset)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        using var server = new RawHttpServer(encoding, RawHttpServer.Answer(200, text, header));

        var result = await ResultAsync($"http>: {server.Address}\nstore_content: true");

        Assert.Equal(text, result.StoreParams.GetMap("http").GetString("last_content"));
    }

    [Theory]
    [InlineData("content: hi", "plain/text", "hi")]
    [InlineData("content: 1.50", "plain/text", "1.5")]
    [InlineData("content: hi\ncontent_type: a/b", "a/b", "hi")]
    [InlineData("content: hi\ncontent_format: JSON", "application/json", "\"hi\"")]
    [InlineData("content: {a: [1, x]}", "application/json", "{\"a\":[1,\"x\"]}")]
    [InlineData("content: [1, 2]\ncontent_type: a/b", "a/b", "[1,2]")]
    [InlineData("content: {a: 'x y&', b: true}\ncontent_format: form\ncontent_type: a/b", "application/x-www-form-urlencoded", "a=x+y%26&b=true")]
    [InlineData("content: hi\nheaders: [{content-type: c/d}]", "c/d", "hi")]
    [InlineData("content: '${secret:k}'", "plain/text", "s3cret")]
    public async Task The_kind_of_content_decides_how_it_is_sent(string options, string type, string body)
    {
        _context.SecretValues["k"] = "s3cret";
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        await ResultAsync($"http>: {server.Address}\nmethod: post\n{options}");

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST / HTTP/1.1\n", request, StringComparison.Ordinal);
        Assert.Contains($"\nContent-Type: {type}\n", request, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\n\n" + body, request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("content: hi\ncontent_format: form", "Invalid content format for strings: 'form'")]
    [InlineData("content: 1\ncontent_format: form", "Invalid content format for numbers: 'form'")]
    [InlineData("content: true\ncontent_format: form", "Invalid content format for booleans: 'form'")]
    [InlineData("content: [1]\ncontent_format: form", "Invalid content format for arrays: 'form'")]
    [InlineData("content: {a: 1}\ncontent_format: text", "Invalid content format for objects: 'text'")]
    [InlineData("content: {a: {b: 1}}\ncontent_format: form", "Invalid form content field value: {\"b\":1}")]
    [InlineData("headers: [{a: 1, b: 2}]", "Invalid header: {\"a\":1,\"b\":2}")]
    [InlineData("headers: [\"a: b\"]", "Invalid header: \"a: b\"")]
    [InlineData("headers: [{a: \"x\\r\\nEvil: 1\"}]", "Invalid header: {\"a\":\"x\\r\\nEvil: 1\"}")]
    [InlineData("retry: maybe", "Expected 'true' or 'false' for key 'retry' but got \"maybe\" (string)")]
    [InlineData("timeout: soon", "Expected integer (long) type for key 'timeout' but got \"soon\" (string)")]
    [InlineData("timeout: 0", "timeout must be a number of seconds from 1: 0")]
    public async Task Wrong_options_fail_before_anything_is_sent(string options, string message)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        var failure = await Assert.ThrowsAsync<ConfigException>(() => ResultAsync($"http>: {server.Address}\n{options}"));

        Assert.Equal(message, failure.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Headers_keep_their_order_and_repeat_as_lines_of_their_own()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        await ResultAsync($"http>: {server.Address}\nmethod: PUT\ncontent: body\nheaders: [{{X-One: a}}, {{X-Two: 2}}, {{x-one: 'b, c'}}, {{X-One: a}}]");

        var request = Assert.Single(server.Requests);
        Assert.Contains("\nX-One: a\nX-One: b, c\nX-One: a\nX-Two: 2\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\n\nbody", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/p?a=1", "{n: 'v &?2', m: 3}", "/p?a=1&n=v+%26%3F2&m=3")]
    [InlineData("/p", "'x=1&y=two%20words&z'", "/p?x=1&y=two+words&z=")]
    [InlineData("/p", "'{\"j\": \"son\"}'", "/p?j=son")]
    [InlineData("/p", "{k: '${secret:k}'}", "/p?k=s3cret")]
    public async Task The_query_is_appended(string path, string query, string expected)
    {
        _context.SecretValues["k"] = "s3cret";
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        await ResultAsync($"http>: {server.Address}{path}\nquery: {query}");

        Assert.StartsWith($"GET {expected} HTTP/1.1\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http.authorization", "Bearer t", "Bearer t")]
    [InlineData("http.user", "ann", "Basic YW5uOnB3")]
    public async Task Credentials_come_from_secrets(string key, string value, string expected)
    {
        _context.SecretValues[key] = value;
        _context.SecretValues["http.password"] = "pw";
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        await ResultAsync($"http>: {server.Address}");

        Assert.Contains($"\nAuthorization: {expected}\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_from_a_secret_is_never_shown()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(404));
        _context.SecretValues["http.uri"] = $"{server.Address}/hidden";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync("http>: http://elsewhere.invalid/"));

        Assert.Equal("HTTP 4XX Client Error: GET http://*** - 404 Not Found", failure.Message);
        Assert.DoesNotContain(_context.Lines, l => l.Contains("hidden", StringComparison.Ordinal));
        Assert.StartsWith("GET /hidden ", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", 303, "GET", false)]
    [InlineData("POST", 302, "GET", false)]
    [InlineData("POST", 301, "GET", false)]
    [InlineData("PUT", 302, "PUT", true)]
    [InlineData("PUT", 301, "PUT", true)]
    [InlineData("DELETE", 303, "GET", false)]
    [InlineData("POST", 307, "POST", true)]
    [InlineData("DELETE", 308, "DELETE", true)]
    public async Task A_redirect_keeps_or_changes_the_method(string method, int status, string next, bool withBody)
    {
        using var server = new RawHttpServer(
            RawHttpServer.Answer(status, headers: "Location: /new?x=1"), RawHttpServer.Answer(200, "there"));

        var result = await ResultAsync($"http>: {server.Address}/old\nmethod: {method}\ncontent: body\nstore_content: true");

        Assert.Equal("there", result.StoreParams.GetMap("http").GetString("last_content"));
        var second = server.Requests.Last();
        Assert.StartsWith($"{next} /new?x=1 HTTP/1.1\n", second, StringComparison.Ordinal);
        Assert.Equal(withBody, second.EndsWith("\n\nbody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Credentials_stay_with_their_host()
    {
        _context.SecretValues["http.authorization"] = "Bearer t";
        using var other = new RawHttpServer(RawHttpServer.Answer(200));
        using var server = new RawHttpServer(RawHttpServer.Answer(302, headers: $"Location: {other.Address}/"));

        await ResultAsync($"http>: {server.Address}\nheaders: [{{X-Kept: 1}}]");

        Assert.Contains("Authorization", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", Assert.Single(other.Requests), StringComparison.Ordinal);
        Assert.Contains("X-Kept", Assert.Single(other.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_end_at_the_limit()
    {
        _context.Config["config.http.max_redirects"] = "2";
        using var server = new RawHttpServer(RawHttpServer.Answer(302, headers: "Location: /again"));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}\nretry: false"));

        Assert.Equal($"Unexpected HTTP status: GET {server.Address} - 302 Found after 2 redirects", failure.Message);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(400, "GET", "HTTP 4XX Client Error: GET {0}/ - 400 Bad Request: why")]
    [InlineData(500, "POST", "HTTP 5XX Server Error: POST {0}/ - 500 Server Error: why")]
    [InlineData(599, "POST", "HTTP 5XX Server Error: POST {0}/ - 599 599: why")]
    public async Task A_final_failure_names_request_status_and_body(int status, string method, string message)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(status, "why"));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}/\nmethod: {method}"));

        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, server.Address), failure.Message);
    }

    [Fact]
    public async Task A_long_body_is_cut_in_the_message()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(400, new string('x', 201)));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}"));

        Assert.EndsWith(": " + new string('x', 197) + "...", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "GET", "")]
    [InlineData(503, "POST", "retry: true")]
    [InlineData(429, "POST", "retry: false")]
    [InlineData(408, "GET", "retry: false")]
    public async Task What_may_pass_is_tried_again(int status, string method, string options)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(status));

        var polling = Assert.IsType<OperatorOutcome.Polling>(
            await _context.RunAsync(_http, $"http>: {server.Address}\nmethod: {method}\n{options}"));

        Assert.Equal(Duration.FromSeconds(1), polling.Interval);
        Assert.Equal("""{"request":{"operation":{},"retry":1}}""", ConfigJson.Write(polling.StateParams));
        Assert.Contains(_context.Lines, l => l.StartsWith("WARN HTTP request failed. ", StringComparison.Ordinal)
            && l.EndsWith(": retrying in 1 seconds", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 30)]
    [InlineData(1000, 30)]
    public async Task Pauses_grow_to_thirty_seconds(int retries, int seconds)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(500));
        var request = OperatorTestContext.Request($"http>: {server.Address}") with
        {
            StateParams = ConfigMap.Of(("request", ConfigMap.Of(("retry", (long)retries)))),
        };

        var polling = Assert.IsType<OperatorOutcome.Polling>(
            await _http.RunAsync(request, _context, TestContext.Current.CancellationToken));

        Assert.Equal(Duration.FromSeconds(seconds), polling.Interval);
    }

    [Fact]
    public async Task Silence_ends_at_the_time_limit()
    {
        using var server = new RawHttpServer(string.Empty);

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}\ntimeout: 1\nretry: false"));

        Assert.Equal($"GET {server.Address}: no response within 1 seconds", failure.Message);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_for_a_get()
    {
        int port;
        using (var gone = new RawHttpServer(string.Empty))
        {
            port = gone.Port;
        }

        Assert.IsType<OperatorOutcome.Polling>(await _context.RunAsync(_http, $"http>: http://127.0.0.1:{port}/"));
    }

    [Fact]
    public async Task Too_much_content_fails_and_is_not_repeated()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200, new string('x', 65537)), RawHttpServer.Answer(200, new string('x', 2097153)));

        var stored = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}\nstore_content: true"));
        var read = await Assert.ThrowsAsync<TaskFailedException>(() => ResultAsync($"http>: {server.Address}"));

        Assert.Equal("Response content too large: 65537 > 65536", stored.Message);
        Assert.Equal("Response content too large: more than 2097152 bytes", read.Message);
    }

    [Theory]
    [InlineData("http://a b/")]
    [InlineData("ftp://host/")]
    [InlineData("/relative")]
    [InlineData("http://")]
    public async Task An_invalid_address_is_refused(string address)
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => ResultAsync($"http>: '{address}'"));

        Assert.Equal(FailureKind.IllegalArgument, failure.Kind);
    }

    [Fact]
    public async Task A_proxy_of_the_task_is_used_unless_forbidden()
    {
        using var proxy = new RawHttpServer(RawHttpServer.Answer(200));
        using var server = new RawHttpServer(RawHttpServer.Answer(200));
        var task = $"http>: {server.Address}/x\nproxy: {{enabled: true, host: 127.0.0.1, port: {proxy.Port}}}";

        await ResultAsync(task);
        _context.Config["config.http.allow_user_proxy"] = "false";
        await ResultAsync(task);

        Assert.StartsWith($"GET {server.Address}/x HTTP/1.1\n", Assert.Single(proxy.Requests), StringComparison.Ordinal);
        Assert.StartsWith("GET /x HTTP/1.1\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_come_from_the_section()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200));

        await _context.RunAsync(_http, $"http>: {server.Address}", "{http: {method: DELETE, headers: [{X-A: 1}]}}");

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("DELETE / HTTP/1.1\n", request, StringComparison.Ordinal);
        Assert.Contains("\nX-A: 1\n", request, StringComparison.Ordinal);
    }

    private async Task<TaskResult> ResultAsync(string task) =>
        Assert.IsType<OperatorOutcome.Succeeded>(await _context.RunAsync(_http, task)).Result;
}
