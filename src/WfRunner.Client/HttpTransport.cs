using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Polly;
using Polly.Retry;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Client;

/// <summary>
/// Sends requests. Reads are tried up to ten times with growing pauses (rest-api 11.3), writes once: nobody knows whether a write
/// that got no answer was done.
/// </summary>
internal sealed class HttpTransport : IDisposable
{
    private const int MaximumTries = 10;
    private const int MaximumRedirects = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilentPause = TimeSpan.FromMilliseconds(200);

    private readonly ClientSettings _settings;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _reads;
    private bool _saidRetrying;

    public HttpTransport(ClientSettings settings)
    {
        _settings = settings;
        _http = new HttpClient(CreateHandler(settings), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _reads = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MaximumTries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnotherTry(arguments.Outcome)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result)),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    SayRetrying(arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public async Task<ConfigMap> GetJsonAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(path, "application/json", cancellationToken).ConfigureAwait(false);
        return await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a gzip file, following redirects to wherever the server keeps it.</summary>
    public async Task<Stream> GetGzipAsync(string path, CancellationToken cancellationToken)
    {
        var response = await GetAsync(path, "application/gzip, */*", cancellationToken).ConfigureAwait(false);
        return await BodyAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a file from elsewhere, without any header of the server's.</summary>
    public async Task<Stream> GetDirectAsync(Uri url, CancellationToken cancellationToken)
    {
        var response = await TryReadAsync(() => new HttpRequestMessage(HttpMethod.Get, url), cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return await BodyAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes, once.</summary>
    /// <returns>The answer's object; empty where an old server answers without a body.</returns>
    public async Task<ConfigMap> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = Request(method, Url(path), "application/json");
        request.Content = body;
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NoContent
            ? ConfigMap.Empty
            : await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public static HttpContent Json(ConfigMap body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(ConfigJson.Write(body)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(ClientSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            ConnectTimeout = TimeSpan.FromSeconds(30),
        };
        if (settings.DisablesCertificateValidation)
        {
#pragma warning disable CA5359 // The user asked for it, with --disable-cert-validation.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    private Uri Url(string path) => new(_settings.Endpoint, path);

    private HttpRequestMessage Request(HttpMethod method, Uri url, string accept)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("User-Agent", $"DigdagClient/{DigdagVersion.Compatible} wf/{_settings.ProgramVersion}");
        if (!_settings.Headers.Keys.Contains("Accept", StringComparer.OrdinalIgnoreCase))
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in _settings.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        var url = Url(path);
        for (var redirects = 0; redirects < MaximumRedirects; redirects++)
        {
            var at = url;
            var response = await TryReadAsync(() => RequestTo(at, accept), cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            {
                await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
                return response;
            }

            response.Dispose();
            url = new Uri(at, location);
        }

        throw new InvalidAnswerException("too many redirects");
    }

    // Signed URLs of a storage refuse a second authorisation, and it is none of its business.
    private HttpRequestMessage RequestTo(Uri url, string accept) => url.Authority == _settings.Endpoint.Authority
        ? Request(HttpMethod.Get, url, accept)
        : new HttpRequestMessage(HttpMethod.Get, url);

    private async Task<HttpResponseMessage> TryReadAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken) =>
        await _reads.ExecuteAsync(
            async token =>
            {
                using var request = create();
                return await SendAsync(request, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new ServerUnreachableException(request.RequestUri!, ReasonOf(e), e);
        }
    }

    private static string ReasonOf(HttpRequestException failure) => failure.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "unknown host",
        SocketException socket => socket.Message,
        AuthenticationException tls => tls.InnerException?.Message ?? tls.Message,
        { } inner => inner.Message,
        null => failure.Message,
    };

    private static bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: ServerUnreachableException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } } => false,
        { Exception: ServerUnreachableException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        var wished = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow,
            _ => (TimeSpan?)null,
        };
        return wished is { } pause ? TimeSpan.FromTicks(Math.Clamp(pause.Ticks, 0, LongestPause.Ticks)) : null;
    }

    private void SayRetrying(TimeSpan pause)
    {
        if (pause >= SilentPause && !_saidRetrying)
        {
            _saidRetrying = true;
            _settings.Retrying?.Invoke($"no answer from {_settings.Endpoint.GetLeftPart(UriPartial.Authority)} yet, trying again");
        }
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        using (response)
        {
            var isJson = response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
            var body = isJson ? await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : string.Empty;
            throw new ServerAnswerException(response.StatusCode, response.ReasonPhrase ?? response.StatusCode.ToString(), body.Trim());
        }
    }

    private static async Task<ConfigMap> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return bytes.Length == 0
                ? ConfigMap.Empty
                : ConfigJson.Parse(bytes) as ConfigMap ?? throw new InvalidAnswerException("it is no JSON object");
        }
        catch (JsonException e)
        {
            throw new InvalidAnswerException("it is no JSON", e);
        }
    }

    private static Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.ReadAsStreamAsync(cancellationToken);
}
