using System.Text;

namespace WfRunner.Server.Secrets;

/// <summary>Which keys and values a secret may have. Digdag behaviour: rest-api 7.4.</summary>
internal static class SecretRules
{
    private const int MaximumKeyLength = 255;
    private const int MaximumValueBytes = 16 * 1024;

    public static bool IsKey(string key) => key.Length <= MaximumKeyLength && key.Split('.').All(IsSegment);

    public static bool IsValue(string value) => Encoding.UTF8.GetByteCount(value) <= MaximumValueBytes;

    private static bool IsSegment(string segment) =>
        segment.Length > 0
        && char.IsAsciiLetter(segment[0])
        && char.IsAsciiLetterOrDigit(segment[^1])
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
