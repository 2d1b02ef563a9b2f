using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NodaTime;
using WfRunner.Cloud.Http;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Google;

/// <summary>
/// Requests to Google's services, in JSON or with the bytes of an object. Own code, because Google's libraries for .NET read JSON by
/// reflection, which Native AOT does not have. Safe for several threads.
/// </summary>
internal sealed class GoogleApi : IDisposable
{
    private static readonly TimeSpan UsualTimeLimit = TimeSpan.FromSeconds(60);

    private readonly GoogleCredential _credential;
    private readonly IClock _clock;
    private readonly HttpClient _client;
    private GoogleToken? _token;

    /// <summary>Sets a client up.</summary>
    /// <param name="credential">Who asks.</param>
    /// <param name="address">The service.</param>
    /// <param name="userAgent">How the program calls itself.</param>
    /// <param name="log">Told about unusable proxies.</param>
    /// <param name="clock">Dates requests for tokens.</param>
    /// <param name="timeLimit">How long an answer may take; null for a minute.</param>
    public GoogleApi(GoogleCredential credential, Uri address, string userAgent, ITaskLog log, IClock clock, TimeSpan? timeLimit = null)
    {
        _credential = credential;
        _clock = clock;
        var proxy = EnvironmentProxy.For(address, log);
        _client = new HttpClient(new SocketsHttpHandler { Proxy = proxy, UseProxy = proxy is not null })
        {
            BaseAddress = address,
            Timeout = timeLimit ?? UsualTimeLimit,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
    }

    /// <summary>The project that was configured; null to take the credential's.</summary>
    public string? ConfiguredProject { get; init; }

    /// <summary>The project that requests are for.</summary>
    /// <exception cref="TaskFailedException">Neither a secret nor the credential names one.</exception>
    public string Project => ConfiguredProject ?? _credential.Project ?? throw new TaskFailedException("Missing 'gcp.project' secret");

    /// <summary>Sends a JSON request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, escaped.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer; empty when it has no content.</returns>
    /// <exception cref="GoogleApiException">Google answered with an error.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">The answer took too long.</exception>
    public Task<ConfigMap> SendAsync(HttpMethod method, string path, ConfigMap? body, CancellationToken cancellationToken) => SendContentAsync(
        method, path, body is null ? null : new StringContent(ConfigJson.Write(body), Encoding.UTF8, "application/json"), cancellationToken);

    /// <summary>Sends a request whose body is no JSON, and reads the JSON it is answered with.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, escaped.</param>
    /// <param name="content">The body, or null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer; empty when it has no content.</returns>
    /// <exception cref="GoogleApiException">Google answered with an error.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">The answer took too long.</exception>
    public async Task<ConfigMap> SendContentAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens an answer whose body is no JSON. Not unpacked, whatever its encoding.</summary>
    /// <param name="request">The request, without credentials.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, whose body is yet to be read; the caller disposes it.</returns>
    /// <exception cref="GoogleApiException">Google answered with an error.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">The answer took too long to begin.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            _ = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            throw new HttpRequestException("the answer is an error without a status");
        }
    }

    /// <summary>The object in an answer.</summary>
    /// <exception cref="GoogleApiException">It is an error.</exception>
    public static async Task<ConfigMap> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var json = Parse(text);
        if (response.IsSuccessStatusCode)
        {
            return json ?? (text.Length == 0 ? ConfigMap.Empty : throw new HttpRequestException("the answer is no JSON object"));
        }

        var said = json?["error"] is ConfigMap error ? error.GetStringOrNull("message") : json?.GetStringOrNull("error_description") ?? json?.GetStringOrNull("error");
        throw new GoogleApiException(response.StatusCode, said ?? response.ReasonPhrase ?? "error");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
            var response = await _client.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                // It was taken back before its time.
                Interlocked.CompareExchange(ref _token, null, token);
            }

            return response;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no answer within {_client.Timeout.TotalSeconds} seconds"), e);
        }
    }

    // Several callers may ask for one at the same time; each gets one that is good.
    private async Task<GoogleToken> TokenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _token) is { } known && known.IsGoodAt(_clock.GetCurrentInstant()))
        {
            return known;
        }

        var token = await GoogleToken.GetAsync(_credential, _client, _clock, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _token, token);
        return token;
    }

    private static ConfigMap? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : ConfigJson.Parse(text) as ConfigMap;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
