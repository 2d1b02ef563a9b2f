using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using NodaTime;
using WfRunner.Cloud.Aws;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Objects;

/// <summary>Objects in a bucket of Amazon S3, or of a service that speaks its protocol.</summary>
public sealed class S3ObjectStore : IObjectStore
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    // The service's limit is a week, and the SDK counts from a clock of its own.
    private static readonly Duration LongestLife = Duration.FromDays(7) - Duration.FromMinutes(1);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly Protocol _protocol;

    /// <summary>Sets a store up. Nothing is asked of the service yet.</summary>
    /// <param name="settings">Which bucket, where, and whose requests they are.</param>
    /// <param name="log">Told about unusable proxies.</param>
    /// <exception cref="Core.ConfigException">There is no such region, or the endpoint is no address.</exception>
    public S3ObjectStore(S3Settings settings, ITaskLog log)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _bucket = settings.Bucket;
        var config = new AwsEndpoint(settings.Region, settings.Endpoint).Apply(
            new AmazonS3Config
            {
                ForcePathStyle = settings.IsPathStyle,

                // Services other than Amazon's know no checksums in trailers; what is sent has an MD5.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            },
            log);
        config.Timeout = TimeLimit;
        _protocol = config.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS;
        _client = settings.Key is var (id, secret) ? new AmazonS3Client(new BasicAWSCredentials(id, secret), config) : new AmazonS3Client(config);
    }

    /// <inheritdoc/>
    public string Type => "s3";

    /// <inheritdoc/>
    public async Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        content.Position = 0;
#pragma warning disable CA5351 // A checksum against damage on the way, as S3 defines it.
        var sum = await MD5.HashDataAsync(content, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA5351
        content.Position = 0;
        var request = new PutObjectRequest
        {
            BucketName = _bucket,
            Key = key,
            InputStream = content,
            AutoCloseStream = false,
            ContentType = contentType,
            MD5Digest = Convert.ToBase64String(sum),
            UseChunkEncoding = false,
        };
        await AskAsync("store", key, () => _client.PutObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _bucket, Key = key, EtagToMatch = version };
        if (from > 0)
        {
            request.ByteRange = new ByteRange(from, long.MaxValue);
        }

        try
        {
            var response = await AskAsync("read", key, () => _client.GetObjectAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return new OpenedObject(response.ResponseStream, response.ContentLength, response.ETag);
        }
        catch (ObjectStoreException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" })
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix };
        while (true)
        {
            var page = await AskAsync("list", prefix, () => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var found in page.S3Objects ?? [])
            {
                var time = found.LastModified is { } modified ? Instant.FromDateTimeUtc(modified.ToUniversalTime()) : Instant.MinValue;
                yield return new ListedObject(found.Key, found.Size ?? 0, time);
            }

            if (page.IsTruncated != true)
            {
                break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        AskAsync("delete", key, () => _client.DeleteObjectAsync(_bucket, key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Uri?> SignAsync(string key, Duration life)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _bucket,
            Key = key,
            Expires = DateTime.UtcNow + Duration.Min(life, LongestLife).ToTimeSpan(),
            Protocol = _protocol,
        };
        return new Uri(await AskAsync("sign an address of", key, () => _client.GetPreSignedURLAsync(request), CancellationToken.None).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<T> AskAsync<T>(string verb, string key, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            throw new ObjectStoreException($"Failed to {verb} s3://{_bucket}/{key}: {e.Message}", AwsFailure.MayPass(e), e);
        }
    }
}
