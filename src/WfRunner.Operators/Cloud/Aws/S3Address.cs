using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Aws;

/// <summary>An object of S3.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, without a slash at its start.</param>
internal sealed record S3Address(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>Reads <c>bucket/key</c> or <c>s3://bucket/key</c>.</summary>
    /// <exception cref="ConfigException">There is no slash, or nothing on one side of it.</exception>
    public static S3Address Parse(string text, ConfigValue? from)
    {
        var path = text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : text;
        return path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && slash < path.Length - 1
            ? new(path[..slash], path[(slash + 1)..])
            : throw new ConfigException($"Illegal s3 path: {text}", from?.Span);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Bucket}/{Key}";
}
