using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Aws;

/// <summary>Asks for an object's metadata. Digdag behaviour: operators-cloud 2; it stores the headers as they came.</summary>
internal static class S3ObjectHead
{
    private const string OwnPrefix = "x-amz-meta-";

    // About the answer, not the object.
    private static readonly HashSet<string> OfTheAnswer = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Date", "Keep-Alive", "Server", "Transfer-Encoding", "x-amz-id-2", "x-amz-request-id", "X-Amz-Cf-Id",
    };

    /// <summary>Asks.</summary>
    /// <returns><c>{metadata, user_metadata}</c>, or null when there is no such object.</returns>
    public static async Task<ConfigMap?> FindAsync(AmazonS3Client client, GetObjectMetadataRequest request, CancellationToken cancellationToken)
    {
        IDictionary<string, string> headers = new Dictionary<string, string>();
        client.AfterResponseEvent += Keep;
        try
        {
            await client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
            return ConfigMap.Of(("metadata", Metadata(headers)), ("user_metadata", UserMetadata(headers)));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        finally
        {
            client.AfterResponseEvent -= Keep;
        }

        void Keep(object sender, ResponseEventArgs response) =>
            headers = (response as WebServiceResponseEventArgs)?.ResponseHeaders ?? headers;
    }

    private static ConfigMap Metadata(IDictionary<string, string> headers) => ConfigMap.Of(headers
        .Where(h => !OfTheAnswer.Contains(h.Key) && !IsOwn(h.Key))
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => (h.Key, Value(h.Key, h.Value))));

    private static ConfigMap UserMetadata(IDictionary<string, string> headers) => ConfigMap.Of(headers
        .Where(h => IsOwn(h.Key))
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => (h.Key[OwnPrefix.Length..], ConfigValue.FromString(h.Value))));

    private static bool IsOwn(string name) => name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase);

    private static ConfigValue Value(string name, string value) => name.ToLowerInvariant() switch
    {
        "content-length" or "x-amz-mp-parts-count" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            ConfigValue.FromInt64(number),
        "last-modified" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) =>
            ConfigValue.FromInt64(time.ToUnixTimeMilliseconds()),
        "etag" => ConfigValue.FromString(value.Trim('"')),
        _ => ConfigValue.FromString(value),
    };
}
