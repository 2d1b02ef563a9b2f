using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>
/// Sends a request and follows its redirects. Each hop has a connection of its own, so that nothing of one host can reach
/// another. Digdag behaviour: operators-core 9.2. Better than Digdag: credentials stay with the host they were given for.
/// </summary>
internal sealed class HttpExchange(HttpCall call, HttpSettings settings, ProxyChoice proxies)
{
    private readonly CookieContainer _cookies = new();

    /// <summary>Sends and waits for the last answer.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task<HttpAnswer> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(call.TimeLimit);
        try
        {
            return await FollowAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no response within {call.TimeLimit.TotalSeconds} seconds"));
        }
        catch (IOException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private async Task<HttpAnswer> FollowAsync(CancellationToken cancellationToken)
    {
        var hop = new Hop(call.Uri, call.Method, call.Body, call.Headers);
        for (var redirects = 0; ; redirects++)
        {
            using var handler = HandlerFor(hop);
            using var client = new HttpMessageInvoker(handler);
            using var request = hop.ToRequest(settings.UserAgent);
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var next = call.FollowsRedirects ? hop.Next(response) : null;
            if (next is null || redirects >= settings.MaximumRedirects)
            {
                var answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
                return next is null ? answer : throw new TooManyRedirectsException(answer);
            }

            hop = next;
        }
    }

    private SocketsHttpHandler HandlerFor(Hop hop)
    {
        var proxy = proxies.For(hop.Uri);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            CookieContainer = _cookies,
            Proxy = proxy,
            UseProxy = proxy is not null,
            MaxResponseHeadersLength = 64,
        };
        if (call.TrustsAnyCertificate)
        {
#pragma warning disable CA5359 // The user asks for it, by the option insecure.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (hop.RepeatedHeaders() is { Count: > 0 } repeated)
        {
            handler.PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new RepeatedHeaderStream(connection.PlaintextStream, repeated));
        }

        return handler;
    }

    private static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + count > HttpAnswer.LargestBody)
                {
                    throw new TaskFailedException($"Response content too large: more than {HttpAnswer.LargestBody} bytes");
                }

                body.Write(buffer, 0, count);
            }
        }

        var type = response.Content.Headers.TryGetValues("Content-Type", out var values) ? string.Join(", ", values) : null;
        var charset = MediaTypeHeaderValue.TryParse(type, out var parsed) ? parsed.CharSet?.Trim('"') : null;
        return new HttpAnswer((int)response.StatusCode, type, charset, body.ToArray());
    }

    /// <summary>One request on the way.</summary>
    private sealed record Hop(Uri Uri, string Method, HttpBody? Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
    {
        private static readonly string[] Credentials = ["Authorization", "Cookie", "Proxy-Authorization"];

        public HttpRequestMessage ToRequest(string userAgent)
        {
            var request = new HttpRequestMessage(new HttpMethod(Method), Uri)
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = Body is null ? null : new ByteArrayContent(Body.Bytes),
            };
            foreach (var (name, value) in Headers)
            {
                if (!request.Headers.TryAddWithoutValidation(name, value))
                {
                    // A header of the content. Without a body there is nothing that it could describe, but it was asked for.
                    request.Content ??= new ByteArrayContent([]);
                    request.Content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            if (Body is not null && !request.Content!.Headers.NonValidated.Contains("Content-Type"))
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", Body.MediaType);
            }

            if (!request.Headers.NonValidated.Contains("User-Agent"))
            {
                request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            }

            return request;
        }

        public IReadOnlyList<IGrouping<string, string>> RepeatedHeaders() =>
            [.. Headers.GroupBy(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase).Where(g => g.Skip(1).Any())];

        // Null when the answer is the last one.
        public Hop? Next(HttpResponseMessage response)
        {
            if (NextMethod((int)response.StatusCode) is not { } method || response.Headers.Location is not { } location)
            {
                return null;
            }

            var target = new Uri(Uri, location);
            if (target.Scheme is not ("http" or "https"))
            {
                throw new TaskFailedException($"Redirect to an address that is neither http nor https: {target.Scheme}");
            }

            var sameOrigin = Uri.Scheme == target.Scheme && Uri.IdnHost == target.IdnHost && Uri.Port == target.Port;
            IReadOnlyList<KeyValuePair<string, string>> headers = sameOrigin
                ? Headers
                : [.. Headers.Where(h => !Credentials.Contains(h.Key, StringComparer.OrdinalIgnoreCase))];
            return method == Method
                ? new Hop(target, method, Body, headers)
                : new Hop(target, method, null, [.. headers.Where(h => !h.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))]);
        }

        private string? NextMethod(int status) => status switch
        {
            301 when Method is "GET" or "HEAD" or "PUT" => Method,
            301 when Method == "POST" => "GET",
            301 => throw new TaskFailedException($"HTTP protocol violation: received 301 for a {Method} request"),
            302 when Method is "HEAD" or "PUT" => Method,
            303 when Method == "HEAD" => Method,
            302 or 303 => "GET",
            307 or 308 => Method,
            _ => null,
        };
    }
}
