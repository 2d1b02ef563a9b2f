using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace WfRunner.Tests.Shared;

/// <summary>A server that speaks the protocol of S3 and verifies signatures, with the one bucket <c>data</c>.</summary>
public sealed partial class S3Server : IAsyncLifetime
{
    public const string AccessKeyId = "S3RVER";
    public const string SecretAccessKey = "S3RVER";
    public const string Bucket = "data";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-s3-");
    private Process? _process;

    public string Address { get; private set; } = string.Empty;

    public AmazonS3Client Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var program = typeof(S3Server).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "S3Server").Value!;
        _process = Process.Start(new ProcessStartInfo(
            "node",
            ["--no-deprecation", "--openssl-legacy-provider", program, _folder.FullName, Bucket])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = _process.StandardError.ReadToEndAsync();
        Match port;
        do
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
                ?? throw new InvalidOperationException("the S3 server did not start");
            port = Listening().Match(line);
        }
        while (!port.Success);

        _ = _process.StandardOutput.ReadToEndAsync();
        Address = $"http://127.0.0.1:{port.Groups[1].Value}";
        Client = new AmazonS3Client(
            new BasicAWSCredentials(AccessKeyId, SecretAccessKey), new AmazonS3Config { ServiceURL = Address, ForcePathStyle = true, MaxErrorRetry = 0 });
    }

    public Task PutAsync(string key, string text, params (string Name, string Value)[] metadata)
    {
        var put = new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = text, ContentType = "text/csv", UseChunkEncoding = false };
        foreach (var (name, value) in metadata)
        {
            put.Metadata.Add(name, value);
        }

        return Client.PutObjectAsync(put);
    }

    public async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. (await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })).S3Objects?.Select(o => o.Key) ?? []];

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"^listening on (\d+)$")]
    private static partial Regex Listening();
}
