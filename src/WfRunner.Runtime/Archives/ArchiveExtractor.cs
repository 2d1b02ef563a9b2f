using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace WfRunner.Runtime.Archives;

/// <summary>
/// Unpacks project archives into a folder and never out of it: entry names are compared by path segment, links may only point
/// inside, nothing is written through a link, devices and the like are refused, sizes are counted while unpacking. Digdag
/// behaviour: cli-client 8.4, server 13, made safe where it is not.
/// </summary>
public static class ArchiveExtractor
{
    // The longest part of a path that common file systems take, in bytes.
    private const int LongestName = 255;

    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The gzip stream of a tar.</param>
    /// <param name="directory">Absolute path of an existing folder. Existing files are replaced.</param>
    /// <param name="limits">How much to accept.</param>
    /// <param name="extracted">Told every entry as it is unpacked; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the unpacking.</param>
    /// <returns>A task that ends when all is unpacked.</returns>
    /// <exception cref="ArchiveRefusedException">The archive is damaged, dangerous or too large.</exception>
    public static async Task ExtractAsync(
        Stream archive, string directory, ArchiveLimits limits, Action<ArchiveEntry>? extracted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(limits);
        try
        {
            var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
            {
                var tar = new TarReader(gzip);
                await using (tar.ConfigureAwait(false))
                {
                    await new Extraction(directory, limits, extracted).RunAsync(tar, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ArchiveRefusedException(ArchiveRefusal.Malformed, "Input is not in the .gz format", e);
        }
    }

    private sealed class Extraction(string directory, ArchiveLimits limits, Action<ArchiveEntry>? extracted)
    {
        private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        private long _total;
        private int _entries;

        public async Task RunAsync(TarReader tar, CancellationToken cancellationToken)
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (++_entries > limits.MaximumEntries)
                {
                    throw new ArchiveRefusedException(
                        ArchiveRefusal.TooLarge, $"Number of entries of the archive exceeds limit ({limits.MaximumEntries})");
                }

                await ExtractAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }

        private async Task ExtractAsync(TarEntry entry, CancellationToken cancellationToken)
        {
            switch (entry.EntryType)
            {
                // Folders come to be with their files; empty ones are not part of a project.
                case TarEntryType.Directory or TarEntryType.DirectoryList or TarEntryType.GlobalExtendedAttributes:
                    _ = Resolve(entry.Name);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await ExtractFileAsync(entry, cancellationToken).ConfigureAwait(false);
                    break;
                case TarEntryType.SymbolicLink:
                    ExtractLink(entry);
                    break;
                default:
                    throw new ArchiveRefusedException(
                        ArchiveRefusal.UnsupportedEntry, $"Archive includes an entry that is neither a file nor a symbolic link: {entry.Name} ({entry.EntryType})");
            }
        }

        private async Task ExtractFileAsync(TarEntry entry, CancellationToken cancellationToken)
        {
            var (path, relative) = ResolveFile(entry.Name);
            if (entry.Length > limits.MaximumFileSize)
            {
                throw new ArchiveRefusedException(
                    ArchiveRefusal.TooLarge, $"Size of a file in the archive exceeds limit ({entry.Length} > {limits.MaximumFileSize} bytes): {relative}");
            }

            _total += entry.Length;
            if (_total > limits.MaximumTotalSize)
            {
                throw new ArchiveRefusedException(
                    ArchiveRefusal.TooLarge, $"Total size of the archive exceeds limit ({_total} > {limits.MaximumTotalSize} bytes)");
            }

            PrepareParent(path, entry.Name);
            RefuseExistingLink(path);
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 16 * 1024, useAsync: false);
            await using (file.ConfigureAwait(false))
            {
                if (entry.DataStream is { } data)
                {
                    await data.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                }
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, (entry.Mode & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            extracted?.Invoke(new ArchiveEntry(relative, null));
        }

        private void ExtractLink(TarEntry entry)
        {
            var (path, relative) = ResolveFile(entry.Name);
            var target = entry.LinkName;
            if (Path.IsPathRooted(target) || !IsInside(Path.GetFullPath(target, Path.GetDirectoryName(path)!)))
            {
                throw new ArchiveRefusedException(
                    ArchiveRefusal.EscapingLink, $"Archive includes an invalid symlink: {entry.Name} -> {target}");
            }

            PrepareParent(path, entry.Name);
            RefuseExistingLink(path);
            File.Delete(path);
            File.CreateSymbolicLink(path, target);
            extracted?.Invoke(new ArchiveEntry(relative, target));
        }

        private (string Path, string Relative) Resolve(string name)
        {
            if (name.Length == 0 || name.StartsWith('/') || Path.IsPathRooted(name) || name.Contains('\0', StringComparison.Ordinal)
                || name.Split('/', '\\').Contains("..", StringComparer.Ordinal))
            {
                throw Escape(name);
            }

            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(name, _root));
            return IsInside(path) ? (path, Path.GetRelativePath(_root, path).Replace('\\', '/')) : throw Escape(name);
        }

        // What no folder can hold is a fault of the archive, not of this machine.
        private (string Path, string Relative) ResolveFile(string name)
        {
            var (path, relative) = Resolve(name);
            return path == _root || Directory.Exists(path) || relative.Split('/').Any(part => Encoding.UTF8.GetByteCount(part) > LongestName)
                ? throw new ArchiveRefusedException(ArchiveRefusal.Malformed, $"Archive includes an entry whose name cannot be that of a file: {name}")
                : (path, relative);
        }

        private bool IsInside(string path) =>
            path == _root || path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

        // A folder on the way that is a link would carry the file elsewhere, even when the link itself was harmless.
        private void PrepareParent(string path, string name)
        {
            var parent = Path.GetDirectoryName(path)!;
            for (var at = parent; at.Length > _root.Length; at = Path.GetDirectoryName(at)!)
            {
                if (new DirectoryInfo(at).LinkTarget is not null)
                {
                    throw Escape(name);
                }

                if (File.Exists(at))
                {
                    throw new ArchiveRefusedException(ArchiveRefusal.Malformed, $"Archive includes an entry below another one that is a file: {name}");
                }
            }

            Directory.CreateDirectory(parent);
        }

        private static void RefuseExistingLink(string path)
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new ArchiveRefusedException(ArchiveRefusal.EscapingEntry, $"{path} (file already exists)");
            }
        }

        private static ArchiveRefusedException Escape(string name) =>
            new(ArchiveRefusal.EscapingEntry, $"Archive includes an invalid entry: {name}");
    }
}
