using System.Globalization;
using System.Reflection;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>
/// The task's own folder in S3, from which the cluster takes files. Digdag behaviour: operators-cloud 3.4. Better than Digdag: only
/// this folder is ever emptied, and files of sub-folders are found.
/// </summary>
internal sealed class EmrStaging
{
    /// <summary>Where the files of a task lie on the cluster.</summary>
    public const string LocalFolder = "/home/hadoop/digdag-staging";

    private const string Scheme = "s3://";
    private const int Executable = 0b111_111_111;

    private readonly AmazonS3Client _s3;
    private readonly OperatorRequest _request;
    private readonly IOperatorContext _context;
    private readonly ConfigMap _options;
    private readonly string _tag;
    private readonly S3Address? _folder;

    /// <summary>The folder of a task.</summary>
    /// <exception cref="ConfigException"><c>staging</c> is no address of S3 that ends in a slash.</exception>
    public EmrStaging(AmazonS3Client s3, OperatorRequest request, IOperatorContext context, ConfigMap options, string tag)
    {
        (_s3, _request, _context, _options, _tag) = (s3, request, context, options, tag);
        if (options.GetStringOrNull("staging") is { } staging)
        {
            var rest = staging.StartsWith(Scheme, StringComparison.Ordinal) && staging.EndsWith('/') ? staging[Scheme.Length..] : string.Empty;
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            _folder = slash > 0 ? new S3Address(rest[..slash], rest[(slash + 1)..])
                : throw new ConfigException($"Invalid staging uri: '{staging}'", options["staging"]?.Span);
        }
    }

    /// <summary>Makes a file of the project, or an object of S3, known to the cluster.</summary>
    /// <param name="key">The option that names it.</param>
    /// <param name="reference">Its name, or an address of S3 that is used in place.</param>
    /// <param name="place">Its folder, for example <c>steps/1</c>.</param>
    /// <param name="isTemplate">Whether expressions in it are evaluated.</param>
    /// <param name="cancellationToken">Ends the staging.</param>
    public async Task<EmrFile> AddAsync(string key, string reference, string place, bool isTemplate, CancellationToken cancellationToken)
    {
        var name = reference[(reference.LastIndexOf('/') + 1)..];
        if (name.Length == 0)
        {
            throw new ConfigException($"Invalid {key}: '{reference}'");
        }

        if (reference.StartsWith("s3:", StringComparison.Ordinal))
        {
            return new EmrFile(name, reference, $"{LocalFolder}/{_tag}/{place}/{NewId()}/{name}");
        }

        var workspace = Workspace.Of(_request, _context);
        var path = workspace.PathOf(reference);
        if (!File.Exists(path))
        {
            throw new ConfigException($"File not found: {path}");
        }

        if (isTemplate)
        {
            var text = await workspace.ReadTemplateAsync(reference, null, _options, _context, cancellationToken).ConfigureAwait(false);
            return await PutAsync(place, name, r => r.ContentBody = text, cancellationToken).ConfigureAwait(false);
        }

        return await PutAsync(place, name, r => r.FilePath = path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a text known to the cluster.</summary>
    public Task<EmrFile> AddTextAsync(string name, string text, string place, CancellationToken cancellationToken) =>
        PutAsync(place, name, r => r.ContentBody = text, cancellationToken);

    /// <summary>Makes a file of this program known to the cluster.</summary>
    public async Task<EmrFile> AddOwnAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"emr.{name}") ?? throw new InvalidOperationException($"no resource {name}"));
        return await AddTextAsync(name, await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false), "shared/scripts", cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>What the runner downloads for a file.</summary>
    public static ConfigMap Download(EmrFile file, string? to = null, bool isExecutable = false) => ConfigMap.Of(
        ("src", file.Uri), ("dst", to ?? file.LocalPath), ("mode", isExecutable ? Executable : ConfigNull.Instance));

    /// <summary>Removes everything of this task; failures are told and go no further.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        if (_folder is null)
        {
            return;
        }

        try
        {
            var list = new ListObjectsV2Request { BucketName = _folder.Bucket, Prefix = $"{_folder.Key}{_tag}/" };
            ListObjectsV2Response page;
            do
            {
                page = await _s3.ListObjectsV2Async(list, cancellationToken).ConfigureAwait(false);
                foreach (var item in page.S3Objects ?? [])
                {
                    _context.Log.Info($"Removing {Scheme}{_folder.Bucket}/{item.Key}");
                    await _s3.DeleteObjectAsync(_folder.Bucket, item.Key, cancellationToken).ConfigureAwait(false);
                }

                list.ContinuationToken = page.NextContinuationToken;
            }
            while (page.IsTruncated == true);
        }
        catch (Exception e) when (e is AmazonServiceException || AwsFailure.MayPass(e) || e is OperationCanceledException)
        {
            _context.Log.Warn($"Failed to delete staging files in {Scheme}{_folder.Bucket}/{_folder.Key}{_tag}/: {e.Message}");
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    private async Task<EmrFile> PutAsync(string place, string name, Action<PutObjectRequest> content, CancellationToken cancellationToken)
    {
        if (_folder is null)
        {
            throw new ConfigException("Please configure a S3 'staging' directory");
        }

        var path = $"{_tag}/{place}/{NewId()}/{name}";
        var uri = $"{Scheme}{_folder.Bucket}/{_folder.Key}{path}";
        var put = new PutObjectRequest { BucketName = _folder.Bucket, Key = _folder.Key + path, UseChunkEncoding = false };
        content(put);
        _context.Log.Info($"Staging {name} -> {uri}");
        await _s3.PutObjectAsync(put, cancellationToken).ConfigureAwait(false);
        return new EmrFile(name, uri, $"{LocalFolder}/{path}");
    }
}
