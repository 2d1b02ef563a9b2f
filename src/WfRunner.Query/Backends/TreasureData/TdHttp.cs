using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// Sends single requests to the API and turns every failure into a <see cref="TdApiException"/>. Connections are kept and shared by
/// all tasks with the same proxy. Digdag behaviour: operators-td 12 and 13.
/// </summary>
internal sealed class TdHttp : IDisposable
{
    private const int MaximumRedirects = 10;
    private const int MaximumErrorText = 16 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private static readonly ProductInfoHeaderValue Product = new("wf", typeof(TdHttp).Assembly.GetName().Version?.ToString(3));

    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Sends a request; the body of the answer is still to be read.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="key">The key to use.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A successful answer; the caller disposes it.</returns>
    /// <exception cref="TdApiException">There is no successful answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(TdConnection connection, string key, TdRequest request, CancellationToken cancellationToken)
    {
        var client = _clients.GetOrAdd(ClientKey(connection.Proxy), static (_, proxy) => CreateClient(proxy), connection.Proxy);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerTimeout);
        try
        {
            var response = await FollowAsync(client, connection, key, request, timeout.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await FailureOfAsync(response, request, timeout.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TdApiException.OfTransport("REQUEST_TIMEOUT", request.Path, new TimeoutException($"no answer within {AnswerTimeout.TotalSeconds} seconds", e));
        }
        catch (HttpRequestException e)
        {
            throw TdApiException.OfTransport(WordOf(e), request.Path, e.InnerException is AuthenticationException or SocketException ? e.InnerException : e);
        }
        catch (IOException e)
        {
            throw TdApiException.OfTransport("SOCKET_ERROR", request.Path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private static string ClientKey(TdProxy? proxy) => proxy is null ? string.Empty : $"{proxy.Host}\n{proxy.Port}\n{proxy.User}\n{proxy.Password}";

    private static HttpClient CreateClient(TdProxy? proxy) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = proxy is not null,
        Proxy = proxy is null ? null : new WebProxy(proxy.Host, proxy.Port)
        {
            Credentials = proxy.User is null && proxy.Password is null ? null : new NetworkCredential(proxy.User, proxy.Password),
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // The key must not follow a redirection to another host.
    private static async Task<HttpResponseMessage> FollowAsync(
        HttpClient client, TdConnection connection, string key, TdRequest request, CancellationToken cancellationToken)
    {
        var address = request.AddressAt(connection.BaseAddress);
        for (var redirects = 0; ; redirects++)
        {
            using var message = request.ToMessage(address);
            message.Headers.UserAgent.Add(Product);
            message.Headers.Date = DateTimeOffset.UtcNow;
            if (address.Authority == new Uri(connection.BaseAddress).Authority)
            {
                message.Headers.TryAddWithoutValidation("Authorization", TdConnection.Authorization(key));
            }

            var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var isFollowed = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                || (request.Method == HttpMethod.Get && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther);
            if (!isFollowed || response.Headers.Location is not { } location || redirects == MaximumRedirects)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, location);
        }
    }

    private static string WordOf(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => "SSL_ERROR",
        HttpRequestError.ProxyTunnelError => "PROXY_AUTHENTICATION_FAILURE",
        _ when e.InnerException is AuthenticationException => "SSL_ERROR",
        _ => "SOCKET_ERROR",
    };

    private static async Task<TdApiException> FailureOfAsync(HttpResponseMessage response, TdRequest request, CancellationToken cancellationToken)
    {
        var body = await ErrorTextAsync(response.Content, cancellationToken).ConfigureAwait(false);
        var reason = string.IsNullOrEmpty(response.ReasonPhrase) ? response.StatusCode.ToString() : response.ReasonPhrase;
        var (text, conflictsWith) = Read(body);
        return TdApiException.OfAnswer((int)response.StatusCode, reason, request.Path, text, conflictsWith);
    }

    private static async Task<string> ErrorTextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[MaximumErrorText];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }

    private static (string Text, string? ConflictsWith) Read(string body)
    {
        if (!body.StartsWith('{'))
        {
            return (body, null);
        }

        try
        {
            var error = (ConfigMap)ConfigJson.Parse(body);
            var conflict = (error["details"] as ConfigMap)?["conflicts_with"];
            return (error.GetStringOrNull("text") ?? "null", conflict is null or ConfigNull ? null : ConfigAccess.AsString("conflicts_with", conflict));
        }
        catch (Exception e) when (e is JsonException or WorkflowException)
        {
            return (body, null);
        }
    }
}
