using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cloud.Google;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Objects;

/// <summary>Objects in a bucket of Google Cloud Storage.</summary>
public sealed class GcsObjectStore : IObjectStore
{
    private const string GenerationHeader = "x-goog-generation";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    private readonly GcsSettings _settings;
    private readonly GoogleCredential _credential;
    private readonly IClock _clock;
    private readonly GoogleApi _api;

    /// <summary>Sets a store up. Nothing is asked of the service yet.</summary>
    /// <param name="settings">Which bucket, and who asks.</param>
    /// <param name="userAgent">How the program calls itself.</param>
    /// <param name="log">Told about unusable proxies.</param>
    /// <param name="clock">Dates signatures.</param>
    /// <exception cref="ConfigException">There is no credential, or it cannot be read, or it cannot sign and has to.</exception>
    public GcsObjectStore(GcsSettings settings, string userAgent, ITaskLog log, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _clock = clock;
        _credential = CredentialOf(settings);
        _api = new GoogleApi(_credential, settings.Endpoint, userAgent, log, clock, TimeLimit);
    }

    /// <inheritdoc/>
    public string Type => "gcs";

    private string Objects => $"/storage/v1/b/{Uri.EscapeDataString(_settings.Bucket)}/o";

    /// <inheritdoc/>
    public async Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        content.Position = 0;
#pragma warning disable CA5351 // A checksum against damage on the way; the service tells its own.
        var sum = Convert.ToBase64String(await MD5.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
#pragma warning restore CA5351
        content.Position = 0;
        var path = $"/upload{Objects}?uploadType=media&name={Uri.EscapeDataString(key)}&fields=md5Hash,generation";
        var stored = await AskAsync(
            "store",
            key,
            async () =>
            {
                using var body = new BorrowedContent(content);
                body.Headers.ContentType = new MediaTypeHeaderValue(contentType);
                return await _api.SendContentAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (stored.GetStringOrNull("md5Hash") is { } kept && kept != sum)
        {
            await DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            throw new ObjectStoreException($"Failed to store {NameOf(key)}: it was damaged on the way (its MD5 was {sum} and became {kept})", mayPass: true);
        }
    }

    /// <inheritdoc/>
    public async Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken)
    {
        var path = $"{Objects}/{Uri.EscapeDataString(key)}?alt=media{(version is null ? string.Empty : "&generation=" + version)}";
        try
        {
            var response = await AskAsync(
                "read",
                key,
                async () =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, path);
                    request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
                    return await _api.OpenAsync(request, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            var generation = response.Headers.TryGetValues(GenerationHeader, out var values) ? values.FirstOrDefault() : null;
            return new OpenedObject(
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), response.Content.Headers.ContentLength ?? 0, generation);
        }
        catch (ObjectStoreException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{Objects}?prefix={Uri.EscapeDataString(prefix)}&fields=nextPageToken,items(name,size,updated)";
        for (string? next = null; ;)
        {
            var address = next is null ? path : $"{path}&pageToken={Uri.EscapeDataString(next)}";
            var page = await AskAsync("list", prefix, () => _api.SendAsync(HttpMethod.Get, address, null, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page["items"] is ConfigList items ? items.Items.OfType<ConfigMap>() : [])
            {
                yield return new ListedObject(item.GetString("name"), SizeOf(item), TimeOf(item));
            }

            next = page.GetStringOrNull("nextPageToken");
            if (next is null)
            {
                break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(
                "delete",
                key,
                () => _api.SendAsync(HttpMethod.Delete, $"{Objects}/{Uri.EscapeDataString(key)}", null, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException e) when (IsMissing(e))
        {
            // Somebody else did.
        }
    }

    /// <inheritdoc/>
    public ValueTask<Uri?> SignAsync(string key, Duration life) => ValueTask.FromResult<Uri?>(
        _credential.CanSign ? GoogleSignedAddress.Of(_credential, _settings.Endpoint, $"{_settings.Bucket}/{key}", life, _clock.GetCurrentInstant()) : null);

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private static GoogleCredential CredentialOf(GcsSettings settings)
    {
        try
        {
            var credential = settings.Credential is { } json
                ? GoogleCredential.Of(json, settings.CredentialName) ?? throw new ConfigException($"{settings.CredentialName} is no credential of Google in JSON")
                : GoogleCredential.OfMachine() ?? throw new ConfigException(
                    "No credential for Google Cloud Storage: neither one is configured nor are there Application Default Credentials");
            if (settings.Signs)
            {
                ThrowIfCannotSign(credential);
            }

            return credential;
        }
        catch (Exception e) when (e is TaskFailedException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(e.Message, null, e);
        }
    }

    private static void ThrowIfCannotSign(GoogleCredential credential)
    {
        if (!credential.CanSign)
        {
            throw new ConfigException($"direct_download needs the key of a service account to sign addresses with, and {credential.Name} holds none");
        }

        credential.PrivateKey().Dispose();
    }

    private static bool IsMissing(ObjectStoreException e) => e.InnerException is GoogleApiException { Status: HttpStatusCode.NotFound };

    private static long SizeOf(ConfigMap item) =>
        long.TryParse(item.GetStringOrNull("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;

    private static Instant TimeOf(ConfigMap item) =>
        item.GetStringOrNull("updated") is { } text && OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time }
            ? time.ToInstant()
            : Instant.MaxValue;

    private string NameOf(string key) => $"gs://{_settings.Bucket}/{key}";

    private async Task<T> AskAsync<T>(string verb, string key, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is GoogleApiException or TaskFailedException or HttpRequestException or IOException or TimeoutException)
        {
            throw new ObjectStoreException($"Failed to {verb} {NameOf(key)}: {e.Message}", GoogleApiException.MayPass(e), e);
        }
    }

    // The client would close what is not its own, and a second try would find it closed.
    private sealed class BorrowedContent(Stream content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => content.CopyToAsync(stream);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            content.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
