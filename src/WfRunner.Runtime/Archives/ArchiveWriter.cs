using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using WfRunner.Core;
using WfRunner.Runtime.Projects;

namespace WfRunner.Runtime.Archives;

/// <summary>
/// Packs a project's files into a gzipped tar: everything that <see cref="IgnoreRules"/> lets in, sorted by name, so that equal
/// files give equal bytes. Digdag behaviour: cli-client 7; the order, the time of links and the refusal of loops are better than
/// Digdag's.
/// </summary>
public sealed class ArchiveWriter
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;
    private const UnixFileMode DefaultMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // The name field of a plain tar header, in bytes.
    private const int MaximumPlainName = 100;

    private readonly string _project;
    private readonly IgnoreRules _ignore;
    private readonly bool _copiesOutgoingLinks;
    private readonly IReadOnlyCollection<string> _leftOut;
    private readonly Action<ArchiveEntry>? _added;
    private readonly Action<string> _warn;

    /// <summary>Prepares the packing of a project.</summary>
    /// <param name="projectDirectory">Absolute path of the project.</param>
    /// <param name="copiesOutgoingLinks">Whether links that leave the project are replaced by what they point to.</param>
    /// <param name="leftOut">Absolute paths of files to leave out, such as the archive itself.</param>
    /// <param name="added">Told every entry before it is packed.</param>
    /// <param name="warn">Told what was skipped.</param>
    public ArchiveWriter(
        string projectDirectory, bool copiesOutgoingLinks, IReadOnlyCollection<string> leftOut, Action<ArchiveEntry>? added, Action<string> warn)
    {
        _project = Path.TrimEndingDirectorySeparator(projectDirectory);
        _ignore = IgnoreRules.Of(_project);
        _copiesOutgoingLinks = copiesOutgoingLinks;
        _leftOut = leftOut;
        _added = added;
        _warn = warn;
    }

    /// <summary>Packs the project.</summary>
    /// <param name="output">Where the archive goes; stays open.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    /// <returns>A task that ends when all is packed.</returns>
    /// <exception cref="WorkflowException">A link leaves the project, or leads round in a circle.</exception>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
            await using (tar.ConfigureAwait(false))
            {
                await AddFolderAsync(tar, _project, string.Empty, [], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AddFolderAsync(
        TarWriter tar, string folder, string prefix, IReadOnlyList<string> enteredByLink, CancellationToken cancellationToken)
    {
        foreach (var item in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var name = prefix + item.Name;
            var isFolder = (item.Attributes & FileAttributes.Directory) != 0 && item.LinkTarget is null;
            if (_ignore.Ignores(name, isFolder) || _leftOut.Contains(item.FullName, StringComparer.Ordinal))
            {
                continue;
            }

            if (item.LinkTarget is { } target)
            {
                await AddLinkAsync(tar, item, name, target, enteredByLink, cancellationToken).ConfigureAwait(false);
            }
            else if (isFolder)
            {
                await AddFolderAsync(tar, item.FullName, name + "/", enteredByLink, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await AddFileAsync(tar, item.FullName, name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AddLinkAsync(
        TarWriter tar, FileSystemInfo link, string name, string target, IReadOnlyList<string> enteredByLink, CancellationToken cancellationToken)
    {
        // Resolved by text alone: the target need not exist.
        var folder = Path.GetDirectoryName(link.FullName)!;
        var resolved = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, folder));
        if (resolved == _project || resolved.StartsWith(_project + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            // A workflow must be a file of the archive, or the server does not see it (better than Digdag, whose server refuses it).
            if (!name.Contains('/', StringComparison.Ordinal) && name.EndsWith(".dig", StringComparison.Ordinal) && File.Exists(resolved))
            {
                await AddFileAsync(tar, resolved, name, cancellationToken).ConfigureAwait(false);
                return;
            }

            var shown = Path.IsPathRooted(target) ? Path.GetRelativePath(folder, resolved) : target;
            await AddLinkEntryAsync(tar, name, shown.Replace('\\', '/'), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!_copiesOutgoingLinks)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument,
                $"Invalid symbolic link: Given path '{resolved}' is outside of project directory '{_project}'. Consider to add --copy-outgoing-symlinks option");
        }

        if (Directory.Exists(resolved))
        {
            var real = new DirectoryInfo(link.FullName).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            if ((_project + "/").StartsWith(real + "/", StringComparison.Ordinal) || enteredByLink.Contains(real, StringComparer.Ordinal))
            {
                throw new WorkflowException(FailureKind.IllegalArgument, $"Invalid symbolic link: '{link.FullName}' leads to a folder that contains it");
            }

            await AddFolderAsync(tar, link.FullName, name + "/", [.. enteredByLink, real], cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await AddFileAsync(tar, link.FullName, name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AddLinkEntryAsync(TarWriter tar, string name, string target, CancellationToken cancellationToken)
    {
        _added?.Invoke(new ArchiveEntry(name, target));
        var entry = NewEntry(TarEntryType.SymbolicLink, name, target);
        entry.LinkName = target;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task AddFileAsync(TarWriter tar, string path, string name, CancellationToken cancellationToken)
    {
        path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (!IsRegularFile(path))
        {
            _warn($"Skipping {name}: it is neither a file nor a directory");
            return;
        }

        _added?.Invoke(new ArchiveEntry(name, null));
        var data = File.OpenRead(path);
        await using (data.ConfigureAwait(false))
        {
            var entry = NewEntry(TarEntryType.RegularFile, name, string.Empty);
            entry.Mode = OperatingSystem.IsWindows() ? DefaultMode : File.GetUnixFileMode(path) & Permissions;
            entry.ModificationTime = WholeSeconds(File.GetLastWriteTimeUtc(path));
            entry.DataStream = data;
            await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    // Opening a pipe or a socket would wait for ever, so the kind is asked for first.
    private static bool IsRegularFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, path);
        }

        return !SpecialFile.Is(path);
    }

    // Plain headers where they suffice: small, and equal for equal files. PAX headers carry long and non-ASCII names.
    private static TarEntry NewEntry(TarEntryType type, string name, string linkName) =>
        Fits(name) && Fits(linkName) ? new UstarTarEntry(type, name) : new PaxTarEntry(type, name);

    private static bool Fits(string text) => text.Length <= MaximumPlainName && Ascii.IsValid(text);

    private static DateTimeOffset WholeSeconds(DateTime utc) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, new DateTimeOffset(utc, TimeSpan.Zero).ToUnixTimeSeconds()));
}
