using System.Globalization;
using NodaTime;
using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Settings;

/// <summary>A store of objects for archives or task logs. Digdag behaviour: server 3.7 and 3.8; its keys are the same for both.</summary>
public sealed record ObjectStoreSettings
{
    internal const string LocalType = "local";
    internal const string S3Type = "s3";
    internal const string GcsType = "gcs";

    // Neither service signs addresses that work for longer than a week.
    private const long LongestLife = 7 * 24 * 3600;
    private const long UsualLife = 600;

    private static readonly string[] CommonKeys = ["bucket", "path", "endpoint", "direct_download", "direct_download_expiration", "direct_upload_expiration"];

    private static readonly string[] S3Keys =
    [
        .. CommonKeys, "region", "path-style-access", "credentials.file", "credentials.access-key-id", "credentials.secret-access-key",
    ];

    private static readonly string[] GcsKeys = [.. CommonKeys, "credentials.json.path", "credentials.json.content"];

    /// <summary>Absolute path of a local store; null for others.</summary>
    public string? Directory { get; private init; }

    /// <summary>The bucket of Amazon S3; null for others.</summary>
    public S3Settings? S3 { get; private init; }

    /// <summary>The bucket of Google Cloud Storage; null for others.</summary>
    public GcsSettings? Gcs { get; private init; }

    /// <summary>What all keys begin with: empty, or a path with a slash at its end and none at its beginning.</summary>
    public string Prefix { get; private init; } = string.Empty;

    /// <summary>How long addresses work that clients are given; null when clients get the bytes from the server.</summary>
    public Duration? DirectLife { get; private init; }

    /// <summary>All keys below a section.</summary>
    internal static IEnumerable<string> KeysBelow(string section) =>
        S3Keys.Select(k => $"{section}.{S3Type}.{k}").Concat(GcsKeys.Select(k => $"{section}.{GcsType}.{k}"));

    /// <summary>Reads the settings of a store.</summary>
    /// <param name="read">The configuration.</param>
    /// <param name="section">What its keys begin with: <c>archive</c> or <c>log-server</c>.</param>
    /// <param name="type">Its type.</param>
    /// <param name="currentDirectory">Where relative paths start.</param>
    /// <param name="directory">The folder of a local store unless one is configured; null when one must be.</param>
    /// <exception cref="ConfigException">Something is missing or wrong.</exception>
    internal static ObjectStoreSettings Of(SettingReader read, string section, string type, string currentDirectory, string? directory = null)
    {
        var prefix = $"{section}.{type}.";
        if (type == LocalType)
        {
            var path = read.Text(prefix + "path") ?? directory ?? read.Required(prefix + "path");
            return new ObjectStoreSettings { Directory = Path.GetFullPath(path, currentDirectory) };
        }

        var life = LifeOf(read, prefix + "direct_download_expiration");
        _ = LifeOf(read, prefix + "direct_upload_expiration");
        var direct = read.Boolean(prefix + "direct_download", false);
        return new ObjectStoreSettings
        {
            Prefix = PrefixOf(read.Text(prefix + "path")),
            DirectLife = direct ? life : null,
            S3 = type == S3Type ? S3Of(read, prefix, currentDirectory) : null,
            Gcs = type == GcsType ? GcsOf(read, prefix, currentDirectory, direct) : null,
        };
    }

    private static string PrefixOf(string? path) => path?.TrimStart('/') switch
    {
        null or "" => string.Empty,
        var text when text.EndsWith('/') => text,
        var text => text + "/",
    };

    private static Duration LifeOf(SettingReader read, string key) => read.Int64(key, UsualLife) is var seconds and >= 1 and <= LongestLife
        ? Duration.FromSeconds(seconds)
        : throw new ConfigException(string.Create(
            CultureInfo.InvariantCulture, $"{key} must be a number of seconds from 1 to {LongestLife}, but is {read.Text(key)}"));

    private static S3Settings S3Of(SettingReader read, string prefix, string currentDirectory) => new(read.Required(prefix + "bucket"))
    {
        Endpoint = read.Text(prefix + "endpoint"),
        Region = read.Text(prefix + "region")
            ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION"),
        IsPathStyle = read.Boolean(prefix + "path-style-access", false),
        Key = S3KeyOf(read, prefix + "credentials.", currentDirectory),
    };

    private static (string Id, string Secret)? S3KeyOf(SettingReader read, string prefix, string currentDirectory)
    {
        if (read.Text(prefix + "file") is { } file)
        {
            var text = ReadFile(prefix + "file", file, currentDirectory, PropertiesText.Decode);
            var found = PropertiesText.Parse(text).GroupBy(p => p.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
            return found.TryGetValue("accessKey", out var id) && found.TryGetValue("secretKey", out var secret)
                ? (id, secret)
                : throw new ConfigException($"{prefix}file: {file} must have the properties accessKey and secretKey");
        }

        return read.Text(prefix + "access-key-id") is { } key ? (key, read.Required(prefix + "secret-access-key")) : null;
    }

    private static GcsSettings GcsOf(SettingReader read, string prefix, string currentDirectory, bool signs)
    {
        var (credential, name) = (read.Text(prefix + "credentials.json.path"), read.Text(prefix + "credentials.json.content")) switch
        {
            ({ } path, _) => (ReadFile(prefix + "credentials.json.path", path, currentDirectory, System.Text.Encoding.UTF8.GetString), prefix + "credentials.json.path"),
            (null, { } content) => (content, prefix + "credentials.json.content"),
            _ => ((string?)null, prefix + "credentials.json"),
        };
        var settings = new GcsSettings(read.Required(prefix + "bucket")) { Credential = credential, CredentialName = name, Signs = signs };
        if (read.Text(prefix + "endpoint") is not { } endpoint)
        {
            return settings;
        }

        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? settings with { Endpoint = address }
            : throw new ConfigException($"{prefix}endpoint must be an address such as https://storage.googleapis.com, but is '{endpoint}'");
    }

    private static string ReadFile(string key, string path, string currentDirectory, Func<byte[], string> decode)
    {
        try
        {
            return decode(File.ReadAllBytes(Path.GetFullPath(path, currentDirectory)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{key}: {e.Message}", null, e);
        }
    }
}
