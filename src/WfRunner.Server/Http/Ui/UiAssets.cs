using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;

namespace WfRunner.Server.Http.Ui;

/// <summary>The web UI's files, which travel inside the program. Each is read from it when it is first asked for.</summary>
internal sealed class UiAssets
{
    /// <summary>The page behind every address that is no file.</summary>
    public const string Index = "index.html";

    private const string Folder = "ui/";
    private const string HashedFolder = "assets/";
    private static readonly Assembly Program = typeof(UiAssets).Assembly;

    private readonly HashSet<string> _names = [.. Program.GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(".gz", StringComparison.Ordinal))
        .Select(n => n[Folder.Length..^".gz".Length])];

    private readonly ConcurrentDictionary<string, UiAsset> _assets = new(StringComparer.Ordinal);

    /// <summary>Finds a file.</summary>
    /// <param name="name">Its path inside the UI, without a slash in front.</param>
    /// <returns>The file; null when there is none.</returns>
    public UiAsset? Find(string name) => _names.Contains(name) ? _assets.GetOrAdd(name, Read) : null;

    private static UiAsset Read(string name)
    {
        var gzip = Bytes(name + ".gz");
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(gzip).AsSpan(0, 12))}\"";
        return new UiAsset(gzip, Bytes(name + ".br"), ContentTypeOf(name), tag, name.StartsWith(HashedFolder, StringComparison.Ordinal));
    }

    private static byte[] Bytes(string name)
    {
        using var stream = Program.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"The program was built without {Folder}{name}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".json" or ".webmanifest" => "application/json",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
