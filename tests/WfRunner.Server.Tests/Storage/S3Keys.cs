using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Storage;

/// <summary>The configuration of a store in the tests' S3 server.</summary>
internal static class S3Keys
{
    public static (string, string)[] Of(S3Server server, string section, params (string Key, string Value)[] more) =>
    [
        ($"{section}.type", "s3"),
        ($"{section}.s3.bucket", S3Server.Bucket),
        ($"{section}.s3.endpoint", server.Address),
        ($"{section}.s3.path-style-access", "true"),
        ($"{section}.s3.credentials.access-key-id", S3Server.AccessKeyId),
        ($"{section}.s3.credentials.secret-access-key", S3Server.SecretAccessKey),
        .. more.Select(m => ($"{section}.s3.{m.Key}", m.Value)),
    ];
}
