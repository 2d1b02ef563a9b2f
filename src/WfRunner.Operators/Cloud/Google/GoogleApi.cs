using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Http;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// JSON requests to Google's services. Own code, because Google's libraries for .NET read JSON by reflection, which Native AOT does
/// not have.
/// </summary>
internal sealed class GoogleApi : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly IOperatorContext _context;
    private readonly GoogleCredential _credential;
    private readonly HttpClient _client;
    private string? _token;

    private GoogleApi(IOperatorContext context, GoogleCredential credential, Uri address)
    {
        _context = context;
        _credential = credential;
        var proxy = ProxyChoice.OfEnvironment(context.Log).For(address);
        _client = new HttpClient(new SocketsHttpHandler { Proxy = proxy, UseProxy = proxy is not null, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = address,
            Timeout = TimeLimit,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd(new HttpSettings(context.SystemConfig).UserAgent);
    }

    /// <summary>The project that requests are for.</summary>
    /// <exception cref="TaskFailedException">Neither a secret nor the credential names one.</exception>
    public string Project => _context.Secrets.Find("gcp.project") ?? _credential.Project ?? throw new TaskFailedException("Missing 'gcp.project' secret");

    /// <summary>Cloud Storage; the secret <c>gcp.storage.endpoint</c> leads to another server.</summary>
    public static GoogleApi OfStorage(IOperatorContext context) => Of(context, "gcp.storage.endpoint", "https://storage.googleapis.com");

    /// <summary>BigQuery; the secret <c>gcp.bigquery.endpoint</c> leads to another server.</summary>
    public static GoogleApi OfBigQuery(IOperatorContext context) => Of(context, "gcp.bigquery.endpoint", "https://bigquery.googleapis.com");

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, escaped.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer; empty when it has no content.</returns>
    /// <exception cref="GoogleApiException">Google answered with an error.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<ConfigMap> SendAsync(HttpMethod method, string path, ConfigMap? body, CancellationToken cancellationToken)
    {
        try
        {
            _token ??= await GoogleToken.GetAsync(_credential, _client, _context.Clock, cancellationToken).ConfigureAwait(false);
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            request.Content = body is null ? null : new StringContent(ConfigJson.Write(body), Encoding.UTF8, "application/json");
            using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no answer within {TimeLimit.TotalSeconds} seconds"), e);
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

    private static GoogleApi Of(IOperatorContext context, string endpointSecret, string address) =>
        new(context, GoogleCredential.Of(context), new Uri(context.Secrets.Find(endpointSecret) ?? address));

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
