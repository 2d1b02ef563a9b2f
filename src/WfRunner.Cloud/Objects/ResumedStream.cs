namespace WfRunner.Cloud.Objects;

/// <summary>A download that goes on where it was when it breaks off.</summary>
internal sealed class ResumedStream : Stream
{
    private readonly Func<long, CancellationToken, Task<OpenedObject?>> _reopen;
    private OpenedObject _opened;
    private long _read;
    private int _resumesLeft;

    /// <summary>Sets one up.</summary>
    /// <param name="opened">The download; disposed with this stream.</param>
    /// <param name="resumes">How often it may break off.</param>
    /// <param name="reopen">Opens the same state of the object after a number of bytes; null when it is gone.</param>
    public ResumedStream(OpenedObject opened, int resumes, Func<long, CancellationToken, Task<OpenedObject?>> reopen)
    {
        _opened = opened;
        _resumesLeft = resumes;
        _reopen = reopen;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var count = await _opened.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                _read += count;
                return count;
            }
            catch (Exception e) when (e is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                await ResumeAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _opened.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _opened.Content.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ResumeAsync(Exception cause, CancellationToken cancellationToken)
    {
        if (_resumesLeft-- <= 0)
        {
            throw new ObjectStoreException($"The download broke off again and again: {cause.Message}", mayPass: true, cause);
        }

        await _opened.DisposeAsync().ConfigureAwait(false);
        _opened = await _reopen(_read, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectStoreException("The object was deleted while it was read", mayPass: false, cause);
    }
}
