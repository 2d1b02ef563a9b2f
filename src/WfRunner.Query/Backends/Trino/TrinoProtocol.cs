using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.Trino;

/// <summary>
/// Trino's client protocol, version 1: a statement is posted, its pages are fetched one after the other by the address each gives for
/// the next, deleting that address ends it. The session's state lives here, because the server keeps none.
/// </summary>
internal sealed class TrinoProtocol(HttpClient http, TrinoSettings settings, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> _properties = new(settings.Properties, StringComparer.Ordinal);

    /// <summary>Schema of unqualified tables; null for none.</summary>
    public string? Schema { get; set; }

    /// <summary>Starts a statement.</summary>
    /// <exception cref="SqlSessionException">The server cannot be reached, refused the statement, or answers nonsense.</exception>
    public Task<TrinoPage> StartAsync(string sql, CancellationToken cancellationToken) =>
        AskAsync(() => Message(HttpMethod.Post, new Uri(settings.Server, "/v1/statement"), new StringContent(sql, Encoding.UTF8, "text/plain")), sql, cancellationToken);

    /// <summary>The next page.</summary>
    public Task<TrinoPage> NextAsync(Uri address, string sql, CancellationToken cancellationToken) =>
        AskAsync(() => Message(HttpMethod.Get, Checked(address), null), sql, cancellationToken);

    /// <summary>Ends a statement. A server that does not answer is left alone.</summary>
    public async Task EndAsync(Uri address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        try
        {
            using var message = Message(HttpMethod.Delete, Checked(address), null);
            using var response = await http.SendAsync(message, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It ends by itself when nobody fetches its pages.
        }
    }

    private HttpRequestMessage Message(HttpMethod method, Uri address, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, address) { Content = content };
        var headers = message.Headers;
        headers.UserAgent.Add(new ProductInfoHeaderValue("wf", typeof(TrinoProtocol).Assembly.GetName().Version?.ToString(3)));
        headers.TryAddWithoutValidation("X-Trino-User", settings.User);
        headers.TryAddWithoutValidation("X-Trino-Source", "wf");
        headers.TryAddWithoutValidation("X-Trino-Time-Zone", "UTC");
        Add("X-Trino-Catalog", settings.Catalog);
        Add("X-Trino-Schema", Schema);
        Add("Authorization", settings.Authorization);
        foreach (var (name, value) in _properties)
        {
            headers.TryAddWithoutValidation("X-Trino-Session", $"{name}={Uri.EscapeDataString(value)}");
        }

        return message;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    // Who asked for the key to one server must not hand it to another.
    private Uri Checked(Uri address) => Uri.Compare(address, settings.Server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
        ? address
        : throw new SqlSessionException($"Trino error: {settings.Server.Authority} continues at another address, {address.GetLeftPart(UriPartial.Authority)}");

    private async Task<TrinoPage> AskAsync(Func<HttpRequestMessage> request, string sql, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = ShortestPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            string problem;
            Exception? cause = null;
            using var message = request();
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(AnswerTimeout);
            try
            {
                using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    Remember(response.Headers);
                    return await PageAsync(response.Content, sql, timeout.Token).ConfigureAwait(false);
                }

                problem = $"{(int)response.StatusCode} {response.ReasonPhrase}: {await TextAsync(response.Content, timeout.Token).ConfigureAwait(false)}".TrimEnd(' ', ':');
                if (response.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests))
                {
                    throw new SqlSessionException($"Trino error: {settings.Server.Authority} answers {problem}");
                }
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SqlSessionException($"Trino error: no answer from {settings.Server.Authority} within {AnswerTimeout.TotalSeconds:0} seconds", null, e);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
            {
                // Trying again does not make a certificate better.
                throw new SqlSessionException(
                    $"Trino error: no secure connection to {settings.Server.Authority}: {(e.InnerException ?? e).Message}"
                    + " (ssl_ca names a file of authorities to trust; ssl: false speaks without TLS)",
                    null,
                    e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                (problem, cause) = ((e.InnerException ?? e).Message, e);
                if (message.Method == HttpMethod.Post && !HasNotArrived(e))
                {
                    // The statement may run already, and must not run twice.
                    throw new SqlSessionException($"Trino error: the connection to {settings.Server.Authority} broke: {problem}", null, cause);
                }
            }

            if (time.GetElapsedTime(start) > Patience)
            {
                throw new SqlSessionException($"Trino error: {settings.Server.Authority} cannot be used: {problem}", null, cause);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool HasNotArrived(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
    };

    private static async Task<TrinoPage> PageAsync(HttpContent content, string sql, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return TrinoPage.Read(body, sql);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SqlSessionException($"Trino error: the answer makes no sense: {e.Message}", null, e);
        }
    }

    private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var text = (await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim();
        return text.Length > 300 ? text[..300] : text;
    }

    private void Remember(HttpResponseHeaders headers)
    {
        foreach (var pair in Values("X-Trino-Set-Session"))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                _properties[pair[..at].Trim()] = Uri.UnescapeDataString(pair[(at + 1)..].Trim());
            }
        }

        foreach (var name in Values("X-Trino-Clear-Session"))
        {
            _properties.Remove(name.Trim());
        }

        Schema = Values("X-Trino-Set-Schema").LastOrDefault() ?? Schema;

        IEnumerable<string> Values(string name) => headers.TryGetValues(name, out var values) ? values : [];
    }
}
