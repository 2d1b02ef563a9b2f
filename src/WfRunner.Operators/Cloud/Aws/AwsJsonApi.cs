using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using WfRunner.Cloud.Aws;
using WfRunner.Cloud.Http;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws;

/// <summary>
/// Requests to services of AWS that speak JSON 1.1, signed with version 4 by the SDK's own signer. One small client serves them all:
/// every request is a POST of one object to the path <c>/</c>.
/// </summary>
internal sealed class AwsJsonApi : IDisposable
{
    private const string ContentType = "application/x-amz-json-1.1";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly AwsJsonService _service;
    private readonly AWSCredentials _credentials;
    private readonly string _region;
    private readonly Uri _address;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Sets a client up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="credentials">Whose requests they are.</param>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="log">Told about unusable proxies.</param>
    /// <param name="time">Dates signatures; null for the system's clock.</param>
    /// <exception cref="ConfigException">There is no such region or the address is none.</exception>
    public AwsJsonApi(AwsJsonService service, AWSCredentials credentials, AwsEndpoint endpoint, ITaskLog log, TimeProvider? time = null)
    {
        _service = service;
        _credentials = credentials;
        (_address, _region) = endpoint.Of(service.SigningName);
        _time = time ?? TimeProvider.System;
        var proxy = EnvironmentProxy.For(_address, log);
        _client = new HttpClient(new SocketsHttpHandler { Proxy = proxy, UseProxy = proxy is not null, AllowAutoRedirect = false }) { Timeout = TimeLimit };
    }

    /// <summary>Calls an operation.</summary>
    /// <param name="operation">Its name, for example <c>RunTask</c>.</param>
    /// <param name="input">Its input.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="AmazonServiceException">The service refused, or is in trouble.</exception>
    /// <exception cref="HttpRequestException">There was no answer, or none in JSON.</exception>
    public async Task<ConfigMap> CallAsync(string operation, ConfigMap input, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(ConfigJson.Write(input));
        using var request = await RequestAsync(operation, body).ConfigureAwait(false);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no answer within {TimeLimit.TotalSeconds} seconds"), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpRequestMessage> RequestAsync(string operation, byte[] body)
    {
        var keys = await _credentials.GetCredentialsAsync().ConfigureAwait(false);
        var now = _time.GetUtcNow().UtcDateTime;
        var date = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var target = $"{_service.Target}.{operation}";
        var path = _address.AbsolutePath;
        var (tokenName, tokenLine) = keys.UseToken ? ("x-amz-security-token;", $"x-amz-security-token:{keys.Token}\n") : (string.Empty, string.Empty);
        var signed = $"content-type;host;x-amz-date;{tokenName}x-amz-target";
        var canonical = $"POST\n{path}\n\ncontent-type:{ContentType}\nhost:{_address.Authority}\nx-amz-date:{date}\n{tokenLine}x-amz-target:{target}\n\n"
            + $"{signed}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var signature = AWS4Signer.ComputeSignature(keys, _region, now, _service.SigningName, signed, canonical);
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Headers.Add("X-Amz-Date", date);
        request.Headers.Add("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        if (keys.UseToken)
        {
            request.Headers.Add("X-Amz-Security-Token", keys.Token);
        }

        return request;
    }

    private static async Task<ConfigMap> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var json = Parse(text);
        if (response.IsSuccessStatusCode)
        {
            return json ?? (text.Length == 0 ? ConfigMap.Empty : throw new HttpRequestException("the answer is no JSON object"));
        }

        var type = json?.GetStringOrNull("__type") ?? json?.GetStringOrNull("code") ?? Header(response, "x-amzn-ErrorType") ?? string.Empty;
        var code = type.Split(':')[0];
        var message = json?.GetStringOrNull("message") ?? json?.GetStringOrNull("Message") ?? response.ReasonPhrase ?? "error";
        throw new AmazonServiceException(
            message,
            null,
            response.StatusCode >= HttpStatusCode.InternalServerError ? ErrorType.Receiver : ErrorType.Sender,
            code[(code.LastIndexOf('#') + 1)..],
            Header(response, "x-amzn-RequestId"),
            response.StatusCode);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

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
