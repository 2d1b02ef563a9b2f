using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Logging;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>
/// Task logs in a store of objects, with the keys that Digdag gives them (server 19). What is being written is a file of this node, and
/// is read from there; it becomes an object when the call of the operator ends, or when it is long. What cannot be stored stays a file,
/// and is tried again.
/// </summary>
public sealed class RemoteTaskLogs : ITaskLogs, IAsyncDisposable
{
    private const string ContentType = "application/gzip";
    private const int UploadsAtOnce = 8;
    private const int DeletesAtOnce = 8;

    // Before compression; Digdag's limit.
    private const long LongestPart = 16 * 1024 * 1024;

    // Who waits for a task's end finds its log, unless the store is in trouble: that must not hold workflows up.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly IObjectStore _objects;
    private readonly string _prefix;
    private readonly Duration? _directLife;
    private readonly string _directory;
    private readonly TaskLogStore _files;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly LogOutput _log;
    private readonly ConcurrentDictionary<string, Task> _uploads = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(UploadsAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Instant _lastTime = Instant.MinValue;
    private volatile bool _isInTrouble;

    /// <summary>Sets them up.</summary>
    /// <param name="objects">The store, which the caller disposes afterwards.</param>
    /// <param name="prefix">What all keys begin with.</param>
    /// <param name="directLife">How long addresses work that lead to the store; null when none are told.</param>
    /// <param name="directory">A folder of this process's own for what is being written.</param>
    /// <param name="agentId">Who runs tasks here, for names.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="timers">Timers.</param>
    /// <param name="log">Told what cannot be stored.</param>
    public RemoteTaskLogs(
        IObjectStore objects,
        string prefix,
        Duration? directLife,
        string directory,
        string agentId,
        IClock clock,
        TimeProvider timers,
        LogOutput log)
    {
        _objects = objects;
        _prefix = prefix;
        _directLife = directLife;
        _directory = directory;
        _files = new TaskLogStore(directory, agentId, clock, timers);
        _clock = clock;
        _timers = timers;
        _log = log;
    }

    /// <inheritdoc/>
    public Stream Open(AttemptInfo attempt, string taskName, Action<long>? readable) =>
        new RemoteTaskLog(this, () => _files.Open(attempt, taskName, NextTime(), readable));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskLogEntry>> ListAsync(
        AttemptInfo attempt, string? prefix, bool direct, CancellationToken cancellationToken)
    {
        // Files first: what becomes an object in between is seen there.
        var found = _files.List(attempt, prefix).ToDictionary(e => e.FileName, StringComparer.Ordinal);
        var folder = KeyOf(attempt, string.Empty);
        await foreach (var item in _objects.ListAsync(folder + prefix, cancellationToken).ConfigureAwait(false))
        {
            var address = direct && _directLife is { } life ? await _objects.SignAsync(item.Key, life).ConfigureAwait(false) : null;
            if (TaskLogEntry.Of(item.Key[folder.Length..], item.Size, address) is { } entry)
            {
                found[entry.FileName] = entry;
            }
        }

        return [.. found.Values.OrderBy(e => e.FileName, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<Stream> ReadAsync(AttemptInfo attempt, string fileName, CancellationToken cancellationToken)
    {
        if (_files.Find(attempt, fileName) is { } file)
        {
            return file;
        }

        var opened = await _objects.OpenAsync(KeyOf(attempt, fileName), 0, null, cancellationToken).ConfigureAwait(false);
        return opened?.Content ?? throw new WorkflowException(FailureKind.ResourceNotFound, "Log file not found");
    }

    /// <inheritdoc/>
    public async Task<int> DeleteOlderThanAsync(Instant before, CancellationToken cancellationToken)
    {
        // Keys come in the order of days, and nothing was written to an attempt before the day it was made on.
        var lastDay = LocalDatePattern.Iso.Format(before.InUtc().Date);
        var deleted = 0;
        var attempt = new List<ListedObject>();
        await foreach (var item in _objects.ListAsync(_prefix, cancellationToken).ConfigureAwait(false))
        {
            var parts = item.Key[_prefix.Length..].Split('/');
            if (parts.Length != 3 || !TaskLogFileName.IsDay(parts[0]) || TaskLogFileName.Parse(parts[2]) is null)
            {
                continue;
            }

            if (attempt is [var first, ..] && FolderOf(first.Key) != FolderOf(item.Key))
            {
                deleted += await DeleteIfOldAsync().ConfigureAwait(false);
                attempt.Clear();
            }

            if (string.CompareOrdinal(parts[0], lastDay) > 0)
            {
                break;
            }

            attempt.Add(item);
        }

        return deleted + await DeleteIfOldAsync().ConfigureAwait(false);

        async Task<int> DeleteIfOldAsync()
        {
            if (attempt.Count == 0 || attempt.Exists(o => o.ModifiedAt >= before))
            {
                return 0;
            }

            await Parallel.ForEachAsync(
                attempt,
                new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken },
                async (o, c) => await _objects.DeleteAsync(o.Key, c).ConfigureAwait(false)).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>Stores the files that a process left when it ended in the middle of its work, as if they were this one's.</summary>
    /// <param name="directory">The folder that was its own.</param>
    /// <returns>A task that ends when all are stored and the folder is empty. It is cancelled when this is disposed before.</returns>
    public async Task AdoptAsync(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*" + TaskLogFileName.Suffix, SearchOption.AllDirectories).ToList())
        {
            await Upload(file, Path.GetRelativePath(directory, file)).Stored.ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all that was written is stored.</summary>
    /// <param name="cancellationToken">Ends the wait; files that are not stored by then stay.</param>
    /// <returns>Whether everything is stored.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var uploads = _uploads.Values;
        await Task.WhenAll(uploads).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return uploads.All(u => u.IsCompletedSuccessfully);
    }

    /// <summary>Ends what is still being stored; its files stay for <see cref="AdoptAsync"/>.</summary>
    /// <returns>A task that ends when nothing is written any more.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_uploads.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turns.Dispose();
        _stop.Dispose();
    }

    private static string FolderOf(string key) => key[..key.LastIndexOf('/')];

    private string KeyOf(AttemptInfo attempt, string fileName)
    {
        TaskLogFileName.ThrowIfPath(fileName);
        return $"{_prefix}{TaskLogFileName.FolderOf(attempt).Replace('\\', '/')}/{fileName}";
    }

    // An object cannot be appended to, so no two files may have one name, whatever the clock does.
    private Instant NextTime()
    {
        lock (_lock)
        {
            var now = _clock.GetCurrentInstant();
            return _lastTime = now > _lastTime ? now : _lastTime.PlusNanoseconds(1);
        }
    }

    // Ends when it is stored, or when that failed once.
    private Task UploadOfOwnAsync(TaskLogFile file)
    {
        file.Dispose();
        if (file.Written == 0)
        {
            return Task.CompletedTask;
        }

        return Upload(file.Path, Path.GetRelativePath(_directory, file.Path)).Tried;
    }

    private (Task Stored, Task Tried) Upload(string path, string relative)
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upload = Task.Run(() => UploadAsync(path, relative, tried));
        _uploads[path] = upload;
        _ = upload.ContinueWith(
            _ => _uploads.TryRemove(path, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return (upload, tried.Task);
    }

    private async Task UploadAsync(string path, string relative, TaskCompletionSource tried)
    {
        var key = _prefix + relative.Replace(Path.DirectorySeparatorChar, '/');
        while (true)
        {
            try
            {
                await StoreAsync(path, key).ConfigureAwait(false);
                _isInTrouble = false;
                tried.TrySetResult();
                return;
            }
            catch (Exception e) when (e is WorkflowException or IOException or UnauthorizedAccessException)
            {
                _isInTrouble = true;
                tried.TrySetResult();
                _log.WriteMain(TaskLogLevel.Error, string.Create(
                    CultureInfo.InvariantCulture,
                    $"A task log stays in {path} and will be tried again in {PauseAfterFailure.TotalSeconds} s: {e.Message}"));
                await Task.Delay(PauseAfterFailure, _timers, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task StoreAsync(string path, string key)
    {
        await _turns.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            await using (content.ConfigureAwait(false))
            {
                await _objects.PutAsync(key, content, ContentType, _stop.Token).ConfigureAwait(false);
            }

            File.Delete(path);
            DeleteIfEmpty(Path.GetDirectoryName(path)!);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static void DeleteIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another log of the attempt is in it.
        }
    }

    /// <summary>One call's log: a file, and then another when it is long.</summary>
    private sealed class RemoteTaskLog(RemoteTaskLogs logs, Func<TaskLogFile> open) : WriteOnlyStream
    {
        private readonly Lock _lock = new();
        private TaskLogFile _file = open();
        private bool _closed;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                _file.Write(buffer);
                if (_file.Written > LongestPart)
                {
                    _ = logs.UploadOfOwnAsync(_file);
                    _file = open();
                }
            }
        }

        public override void Flush()
        {
        }

        public override async ValueTask DisposeAsync()
        {
            if (End() is { IsCompleted: false } upload && !logs._isInTrouble)
            {
                await upload.WaitAsync(LongestWait, logs._timers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await base.DisposeAsync().ConfigureAwait(false);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _ = End();
            }

            base.Dispose(disposing);
        }

        private Task End()
        {
            lock (_lock)
            {
                if (_closed)
                {
                    return Task.CompletedTask;
                }

                _closed = true;
                return logs.UploadOfOwnAsync(_file);
            }
        }
    }
}
