using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;

namespace WfRunner.Cli;

/// <summary>
/// Finds the native engines that a published executable carries inside. They are unpacked once, when first needed, into a
/// folder of the user's cache that is named by their content, so that several versions live side by side.
/// </summary>
internal static class NativeLibraries
{
    private const string ResourcePrefix = "native/";

    /// <summary>Lets the given assemblies find their native library inside this executable; cheap until one is needed.</summary>
    public static void ServeTo(params IReadOnlyList<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            NativeLibrary.SetDllImportResolver(assembly, Resolve);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        var resource = typeof(NativeLibraries).Assembly.GetManifestResourceNames()
            .FirstOrDefault(r => r.StartsWith(ResourcePrefix, StringComparison.Ordinal) && IsFileOf(r, name));
        return resource is null ? 0 : NativeLibrary.Load(Unpack(resource));
    }

    private static bool IsFileOf(string resource, string library)
    {
        var file = Path.GetFileNameWithoutExtension(resource);
        var wanted = Path.GetFileNameWithoutExtension(library);
        return file == wanted || file == "lib" + wanted || "lib" + file == wanted;
    }

    private static string Unpack(string resource)
    {
        var relative = resource[ResourcePrefix.Length..];
        var path = Path.Combine(CacheDirectory(), relative);
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + "." + Guid.NewGuid().ToString("N");
        using (var packed = new GZipStream(typeof(NativeLibraries).Assembly.GetManifestResourceStream(resource)!, CompressionMode.Decompress))
        using (var file = File.Create(temporary))
        {
            packed.CopyTo(file);
        }

        // Whoever comes second replaces the same bytes; nobody ever sees half a file.
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    private static string CacheDirectory()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var directory = Path.Combine(root, "wf", "native");
        try
        {
            Directory.CreateDirectory(directory);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory("wf-native-").FullName;
        }
    }
}
