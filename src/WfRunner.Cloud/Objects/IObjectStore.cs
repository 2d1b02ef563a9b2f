using NodaTime;
using WfRunner.Core;

namespace WfRunner.Cloud.Objects;

/// <summary>
/// Keeps objects, which are bytes under a key: a folder, or a bucket of Amazon S3 or of Google Cloud Storage. A key is a path of one or
/// more parts with slashes between them. What an object holds is replaced as a whole or not at all. Safe for several threads.
/// </summary>
public interface IObjectStore : IDisposable
{
    /// <summary>The kind of store, as <c>archive.type</c> and <c>log-server.type</c> call it: <c>local</c>, <c>s3</c> or <c>gcs</c>.</summary>
    string Type { get; }

    /// <summary>Stores an object; one of the same key is replaced.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="content">Its bytes; read from the beginning, and left open.</param>
    /// <param name="contentType">Its media type, for whoever downloads it.</param>
    /// <param name="cancellationToken">Gives up; the object may be stored nevertheless.</param>
    /// <returns>A task that ends when the object is stored.</returns>
    /// <exception cref="ObjectStoreException">It is not, or nobody knows.</exception>
    Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="from">How many bytes to leave out at its beginning; at most its size.</param>
    /// <param name="version">The version that must be read, as an earlier answer named it; null for the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, which the caller disposes; null when there is none of that key.</returns>
    /// <exception cref="ObjectStoreException">It cannot be read, or is of another version now.</exception>
    Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose keys begin with a text, in the order of their keys by code units.</summary>
    /// <param name="prefix">The text; empty for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The objects, read page by page.</returns>
    /// <exception cref="ObjectStoreException">They cannot be listed.</exception>
    IAsyncEnumerable<ListedObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes an object. That there is none is no failure.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is gone.</returns>
    /// <exception cref="ObjectStoreException">It is not, or nobody knows.</exception>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes an address from which anybody can fetch an object for some time, without asking the store whether there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="life">How long the address works.</param>
    /// <returns>The address; null when the store cannot make one.</returns>
    /// <exception cref="ObjectStoreException">The store's credentials cannot be had.</exception>
    ValueTask<Uri?> SignAsync(string key, Duration life);
}

/// <summary>An object as lists show it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ModifiedAt">When it was stored.</param>
public readonly record struct ListedObject(string Key, long Size, Instant ModifiedAt);

/// <summary>An object that is read.</summary>
/// <param name="Content">Its bytes, from where reading was to begin.</param>
/// <param name="Length">How many bytes <paramref name="Content"/> will give.</param>
/// <param name="Version">Names this state of the object; null when the store has no names for that.</param>
public sealed record OpenedObject(Stream Content, long Length, string? Version) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A store of objects refused or failed.</summary>
public sealed class ObjectStoreException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What failed, where and why.</param>
    /// <param name="mayPass">Whether the same may succeed later without any change.</param>
    /// <param name="inner">The cause.</param>
    public ObjectStoreException(string message, bool mayPass, Exception? inner = null)
        : base(FailureKind.Io, message, null, inner) => MayPass = mayPass;

    /// <summary>Whether the same may succeed later without any change: the store is busy, broken or out of reach.</summary>
    public bool MayPass { get; }
}
