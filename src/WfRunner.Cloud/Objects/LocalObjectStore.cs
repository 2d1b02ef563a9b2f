using System.Runtime.CompilerServices;
using NodaTime;
using WfRunner.Core;

namespace WfRunner.Cloud.Objects;

/// <summary>Objects as files of a folder, which several nodes may share; a key is a path in it.</summary>
/// <param name="root">Absolute path of the folder; made with the first object.</param>
public sealed class LocalObjectStore(string root) : IObjectStore
{
    // Files on the way to become objects; no object is called so.
    private const string UnfinishedSuffix = ".unfinished";

    /// <inheritdoc/>
    public string Type => "local";

    /// <inheritdoc/>
    public async Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = PathOf(key);
        var unfinished = $"{path}.{Guid.NewGuid():N}{UnfinishedSuffix}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            content.Position = 0;
            var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);

                // What the database names must survive a power cut, as the database does.
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e)
        {
            DeleteQuietly(unfinished);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw Failure("store", path, e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            file.Position = from;
            return Task.FromResult<OpenedObject?>(new OpenedObject(file, file.Length - from, null));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<OpenedObject?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure("read", path, e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in Files(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return file;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            File.Delete(path);
            DeleteEmptyFolders(Path.GetDirectoryName(path)!);
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure("delete", path, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Uri?> SignAsync(string key, Duration life) => ValueTask.FromResult<Uri?>(null);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // A folder may vanish between its making and its use: somebody else found it empty.
    private static ObjectStoreException Failure(string verb, string path, Exception cause) =>
        new($"Failed to {verb} {path}: {cause.Message}", mayPass: cause is DirectoryNotFoundException, cause);

    private List<ListedObject> Files(string prefix)
    {
        // The folder that the prefix names for certain; what is left of it is compared.
        var slash = prefix.LastIndexOf('/');
        var folder = new DirectoryInfo(slash < 0 ? root : PathOf(prefix[..slash]));
        if (!folder.Exists)
        {
            return [];
        }

        try
        {
            return
            [
                .. folder.EnumerateFiles("*", SearchOption.AllDirectories)
                    .Where(f => !f.Name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal))
                    .Select(f => (File: f, Key: Path.GetRelativePath(root, f.FullName).Replace(Path.DirectorySeparatorChar, '/')))
                    .Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .OrderBy(f => f.Key, StringComparer.Ordinal)
                    .Select(f => new ListedObject(f.Key, f.File.Length, Instant.FromDateTimeUtc(f.File.LastWriteTimeUtc))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure("list", folder.FullName, e);
        }
    }

    private string PathOf(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var parts = key.Split('/');
        return Array.TrueForAll(parts, p => p.Length > 0 && p is not ("." or "..") && p.AsSpan().IndexOfAny('\\', '\0') < 0)
            ? Path.Combine([root, .. parts])
            : throw new WorkflowException(FailureKind.IllegalArgument, $"Invalid key of an object: {key}");
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What failed before tells more.
        }
    }

    // Somebody may be about to put something into one; then it is not empty, or is made again.
    private void DeleteEmptyFolders(string folder)
    {
        try
        {
            while (folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
                folder = Path.GetDirectoryName(folder)!;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty folder does no harm.
        }
    }
}
