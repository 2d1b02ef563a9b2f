using System.IO.Compression;
using WfRunner.Runtime.Logging;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>
/// The log file of one call of an operator, written by the task's log and by its output alike. What was written becomes readable
/// within a second: a follower sees it while the task runs, and a crash loses no more. Safe for several threads.
/// </summary>
public sealed class TaskLogFile : WriteOnlyStream
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ITimer _flush;
    private readonly Lock _lock = new();
    private FileStream? _file;
    private GZipStream? _gzip;
    private readonly Action<long>? _readable;
    private long _waiting;
    private bool _flushPending;
    private bool _closed;

    /// <summary>Sets a file up; it is created with the first byte.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="timers">Timers, for writing out what waits.</param>
    /// <param name="readable">Told how many more bytes, before compression, can be read; null when nobody wants to know.</param>
    public TaskLogFile(string path, TimeProvider timers, Action<long>? readable = null)
    {
        _path = path;
        _readable = readable;
        _flush = timers.CreateTimer(_ => FlushPending(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its absolute path.</summary>
    public string Path => _path;

    /// <summary>How many bytes were written, before compression.</summary>
    public long Written { get; private set; }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            Open().Write(buffer);
            Written += buffer.Length;
            _waiting += buffer.Length;
            if (!_flushPending)
            {
                _flushPending = true;
                _flush.Change(FlushInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>The caller's own flushes would only make the file larger.</remarks>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _flush.Dispose();
            lock (_lock)
            {
                _closed = true;
                _gzip?.Dispose();
                _file?.Dispose();
                Announce();
            }
        }

        base.Dispose(disposing);
    }

    private GZipStream Open()
    {
        if (_gzip is null)
        {
            _file = OpenFile();
            _gzip = new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true);
        }

        return _gzip;
    }

    // A folder vanishes when the last file in it was stored elsewhere, which may be between its making and its use.
    private FileStream OpenFile()
    {
        for (var attempt = 1; ; attempt++)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
            try
            {
                return new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete);
            }
            catch (DirectoryNotFoundException) when (attempt < 10)
            {
                // Made once more.
            }
        }
    }

    private void FlushPending()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _flushPending = false;
            try
            {
                _gzip?.Flush();
                _file?.Flush();
                Announce();
            }
            catch (IOException)
            {
                // A full disk shows again at the next write or at the close, where the task can be told; here nobody listens.
            }
        }
    }

    private void Announce()
    {
        if (_waiting > 0)
        {
            _readable?.Invoke(_waiting);
            _waiting = 0;
        }
    }
}
