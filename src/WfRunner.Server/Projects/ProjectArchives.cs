using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Settings;
using WfRunner.Storage;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Projects;

/// <summary>
/// The archives of revisions, wherever they are kept. Digdag behaviour: server 18. Better than Digdag: what is fetched is compared with
/// its MD5, and an archive whose revision is refused is deleted.
/// </summary>
/// <param name="projects">Where revisions are kept, and archives that are not elsewhere.</param>
/// <param name="settings">Where archives are kept.</param>
/// <param name="stores">The stores of objects, by type.</param>
/// <param name="log">Told what goes wrong, with more than users are told.</param>
internal sealed class ProjectArchives(
    IProjectStore projects, ArchiveSettings settings, IReadOnlyDictionary<string, IObjectStore> stores, LogOutput log)
{
    private const string ContentType = "application/gzip";

    /// <summary>Keeps the archive of a revision where new ones go, and then adds the revision.</summary>
    /// <exception cref="ArchiveStorageException">The archive cannot be kept; nothing is changed.</exception>
    /// <exception cref="WorkflowException">The revision is refused.</exception>
    public async Task<StoredProject> PushAsync(NewRevision revision, CancellationToken cancellationToken)
    {
        if (settings.Type == ArchiveSettings.Database)
        {
            return await projects.PushAsync(revision, cancellationToken).ConfigureAwait(false);
        }

        var store = stores[settings.Type];
        var key = KeyOf(revision);
        await KeepAsync(store, key, revision.Archive, cancellationToken).ConfigureAwait(false);
        try
        {
            return await projects.PushAsync(revision with { ArchiveType = store.Type, ArchivePath = key }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // The revision may be stored all the same. An archive too many costs a little; one too few costs the revision.
            log.WriteMain(TaskLogLevel.Warn, $"The archive {key} is left in {store.Type}: nobody knows whether its revision was stored");
            throw;
        }
        catch
        {
            await DiscardAsync(store, key).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the archive of a revision.</summary>
    /// <returns>The bytes as they were uploaded; null when none is kept.</returns>
    /// <exception cref="ArchiveStorageException">It cannot be read now, or is not what was uploaded.</exception>
    /// <exception cref="WorkflowException">It is missing where it is kept, or that place is not configured.</exception>
    public async Task<byte[]?> ReadAsync(StoredRevision revision, CancellationToken cancellationToken)
    {
        if (revision.ArchivePath is not { } key)
        {
            return await projects.ReadArchiveAsync(revision.Id, cancellationToken).ConfigureAwait(false);
        }

        var store = StoreOf(revision);
        try
        {
            var opened = await store.OpenAsync(key, 0, null, cancellationToken).ConfigureAwait(false)
                ?? throw new WorkflowException(
                    FailureKind.ResourceNotFound, $"The archive of revision {revision.Name} is missing in {store.Type}: {key}");
            await using (opened.ConfigureAwait(false))
            {
                using var bytes = new MemoryStream();
                await opened.Content.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
                return Checked(revision, store, bytes.ToArray());
            }
        }
        catch (Exception e) when (e is ObjectStoreException or IOException)
        {
            log.WriteMain(TaskLogLevel.Error, e.Message);
            throw new ArchiveStorageException("Failed to download archive from a remote storage", e);
        }
    }

    /// <summary>Makes an address from which a client can fetch the archive of a revision.</summary>
    /// <returns>The address; null when the bytes come from this server.</returns>
    public async Task<Uri?> AddressOfAsync(StoredRevision revision) =>
        revision.ArchivePath is { } key && settings.Stores.TryGetValue(revision.ArchiveType, out var place) && place.DirectLife is { } life
            ? await stores[revision.ArchiveType].SignAsync(key, life).ConfigureAwait(false)
            : null;

    private async Task KeepAsync(IObjectStore store, string key, ReadOnlyMemory<byte> archive, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(archive.ToArray(), writable: false);
            await store.PutAsync(key, content, ContentType, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException e)
        {
            log.WriteMain(TaskLogLevel.Error, e.Message);
            throw new ArchiveStorageException("Failed to upload archive to a remote storage", e);
        }
    }

    private async Task DiscardAsync(IObjectStore store, string key)
    {
        try
        {
            await store.DeleteAsync(key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectStoreException e)
        {
            log.WriteMain(TaskLogLevel.Warn, $"An archive that no revision uses is left: {e.Message}");
        }
    }

    private IObjectStore StoreOf(StoredRevision revision) => stores.TryGetValue(revision.ArchiveType, out var store)
        ? store
        : throw new ArchiveStorageException(
            $"The archive of revision {revision.Name} is kept in {revision.ArchiveType}, which this server is not configured for: set the keys archive.{revision.ArchiveType}.*");

    private byte[] Checked(StoredRevision revision, IObjectStore store, byte[] archive)
    {
#pragma warning disable CA5351 // What Digdag keeps; it finds damage, not forgery.
        var sum = MD5.HashData(archive);
#pragma warning restore CA5351
        if (revision.ArchiveMd5 is { } kept && !kept.Span.SequenceEqual(sum))
        {
            log.WriteMain(
                TaskLogLevel.Error,
                $"{revision.ArchivePath} in {store.Type} has the MD5 {Convert.ToHexStringLower(sum)}, but {Convert.ToHexStringLower(kept.Span)} was uploaded");
            throw new ArchiveStorageException($"The archive of revision {revision.Name} in {store.Type} is damaged: its MD5 is not that of the upload");
        }

        return archive;
    }

    private string KeyOf(NewRevision revision)
    {
        var id = Guid.NewGuid();
        if (settings.Type == ObjectStoreSettings.LocalType)
        {
            // Names may be longer than those of files can be, and hold anything.
            return string.Create(CultureInfo.InvariantCulture, $"{revision.SiteId}/{id.ToString("N")[..2]}/{id}.tar.gz");
        }

        // A part of dots would be taken for a way through folders by whoever reads addresses.
        var name = string.Join('/', revision.Name.Split('/').Select(p => p is "." or ".." ? "_" : p));
        var project = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(revision.ProjectName));
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Stores[settings.Type].Prefix}{revision.SiteId}/{project}/{name}.{id}.tar.gz");
    }
}

/// <summary>An archive cannot be kept or fetched; whoever asked can only try again or tell who runs the server.</summary>
internal sealed class ArchiveStorageException(string message, Exception? inner = null) : WorkflowException(FailureKind.Io, message, null, inner);
