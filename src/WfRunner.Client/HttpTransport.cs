using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Client;

/// <summary>Sends requests and reads answers, with retries (<see cref="RequestRetries"/>), redirects and time limits.</summary>
internal sealed class HttpTransport : IDisposable
{
    private const int MaximumRedirects = 10;

    private readonly ClientSettings _settings;
    private readonly HttpClient _http;
    private readonly RequestRetries _retries;

    public HttpTransport(ClientSettings settings)
    {
        _settings = settings;
        _http = new HttpClient(CreateHandler(settings), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _retries = new RequestRetries(settings);
    }

    public async Task<ConfigMap> GetJsonAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(path, "application/json", HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a gzip file, following redirects to wherever the server keeps it.</summary>
    public async Task<Stream> GetGzipAsync(string path, CancellationToken cancellationToken)
    {
        var response = await GetAsync(path, "application/gzip, */*", HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return await BodyAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a file from elsewhere, without any header of the server's.</summary>
    public async Task<Stream> GetDirectAsync(Uri url, CancellationToken cancellationToken)
    {
        var response = await ReadAsync(() => new HttpRequestMessage(HttpMethod.Get, url), HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, isRepeat: false, cancellationToken).ConfigureAwait(false);
        return await BodyAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">Makes the body, for each try anew; null for none.</param>
    /// <param name="mayRepeat">Whether the effect is the same however often it is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer's object; empty where an old server answers without a body.</returns>
    public Task<ConfigMap> SendAsync(HttpMethod method, string path, Func<HttpContent>? body, bool mayRepeat, CancellationToken cancellationToken) =>
        WriteAsync(method, path, _ => body?.Invoke(), mayRepeat, cancellationToken);

    /// <summary>Uploads a file; it may be sent again from where the stream stands now.</summary>
    public async Task<ConfigMap> UploadAsync(string path, Stream file, string contentType, CancellationToken cancellationToken)
    {
        var start = file.Position;
        var total = file.Length - start;
        return await WriteAsync(HttpMethod.Put, path, Body, mayRepeat: true, cancellationToken).ConfigureAwait(false);

        HttpContent Body(Action isAlive)
        {
            var content = new UploadContent(file, start, done =>
            {
                isAlive();
                _settings.Progress?.Invoke(new TransferProgress(IsUpload: true, done, total));
            });
            content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            return content;
        }
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
            Proxy = settings.Proxy,
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

    private async Task<ConfigMap> WriteAsync(
        HttpMethod method, string path, Func<Action, HttpContent?> body, bool mayRepeat, CancellationToken cancellationToken)
    {
        var (response, isRepeat) = await _retries.WriteAsync(
            async token =>
            {
                using var request = Request(method, Url(path), "application/json");
                using var silence = new CancellationTokenSource(_settings.Timeout, _settings.Time);
                request.Content = body(() => silence.CancelAfter(_settings.Timeout));
                return await SendAsync(request, HttpCompletionOption.ResponseContentRead, silence, token).ConfigureAwait(false);
            },
            mayRepeat,
            cancellationToken).ConfigureAwait(false);
        using (response)
        {
            await ThrowIfRefusedAsync(response, isRepeat, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.NoContent
                ? ConfigMap.Empty
                : await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept, HttpCompletionOption until, CancellationToken cancellationToken)
    {
        var url = Url(path);
        for (var redirects = 0; redirects < MaximumRedirects; redirects++)
        {
            var at = url;
            var response = await ReadAsync(() => RequestTo(at, accept), until, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            {
                await ThrowIfRefusedAsync(response, isRepeat: false, cancellationToken).ConfigureAwait(false);
                return response;
            }

            response.Dispose();
            url = new Uri(at, location);
            if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            {
                throw new InvalidAnswerException($"{at} leads to a place that is not on the web: {url.Scheme}:");
            }
        }

        throw new InvalidAnswerException("too many redirects");
    }

    // Signed URLs of a storage refuse a second authorisation, and it is none of its business.
    private HttpRequestMessage RequestTo(Uri url, string accept) => url.Authority == _settings.Endpoint.Authority
        ? Request(HttpMethod.Get, url, accept)
        : new HttpRequestMessage(HttpMethod.Get, url);

    private Task<HttpResponseMessage> ReadAsync(Func<HttpRequestMessage> create, HttpCompletionOption until, CancellationToken cancellationToken) =>
        _retries.ReadAsync(
            async token =>
            {
                using var request = create();
                using var silence = new CancellationTokenSource(_settings.Timeout, _settings.Time);
                return await SendAsync(request, until, silence, token).ConfigureAwait(false);
            },
            cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption until, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await _http.SendAsync(request, until, either.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw ServerUnreachableException.Of(request.RequestUri!, e);
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ServerUnreachableException.TimedOut(request.RequestUri!, _settings.Timeout, e);
        }
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage response, bool isRepeat, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        using (response)
        {
            var isJson = response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
            var body = isJson ? await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : string.Empty;
            throw new ServerAnswerException(response.StatusCode, response.ReasonPhrase ?? response.StatusCode.ToString(), body.Trim())
            {
                IsRepeat = isRepeat,
                RetryAfter = _retries.RetryAfter(response),
            };
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

    private async Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new DownloadStream(
        await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
        response.RequestMessage!.RequestUri!,
        response.Content.Headers.ContentLength,
        _settings);
}
