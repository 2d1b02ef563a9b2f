using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Notifications;

/// <summary>Sends notifications as JSON to an address.</summary>
internal sealed class HttpNotificationSender : INotificationSender
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly Uri _address;
    private readonly HttpMethod _method;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;

    public HttpNotificationSender(ConfigMap settings)
    {
        var url = settings.GetString("http.url");
        _address = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new ConfigException($"notification.http.url must start with http:// or https://: {url}");
        _method = new HttpMethod(settings.GetStringOr("http.method", "POST").ToUpperInvariant());
        const string prefix = "http.headers.";
        _headers = [.. settings.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(e => new KeyValuePair<string, string>(e.Key[prefix.Length..], ConfigAccess.AsString(e.Key, e.Value)))];
    }

    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeLimit };
        using var request = new HttpRequestMessage(_method, _address)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(ConfigJson.Write(notification.ToConfig()))),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in _headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new WorkflowException(FailureKind.Notification, $"Failed to send HTTP notification: status={response.ReasonPhrase}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new WorkflowException(FailureKind.Notification, "Failed to send HTTP notification", null, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkflowException(FailureKind.Notification, "Failed to send HTTP notification: no response in time", null, e);
        }
    }
}
