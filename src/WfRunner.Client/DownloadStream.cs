namespace WfRunner.Client;

/// <summary>The body of an answer: tells how far it is, and fails when the server falls silent.</summary>
/// <param name="inner">The body.</param>
/// <param name="url">Where it comes from, for messages.</param>
/// <param name="total">Its length, if known.</param>
/// <param name="settings">The longest silence, and who is told.</param>
internal sealed class DownloadStream(Stream inner, Uri url, long? total, ClientSettings settings) : Stream
{
    private long _done;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _done;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => Told(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(settings.Timeout, settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return Told(await inner.ReadAsync(buffer, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ServerUnreachableException.TimedOut(url, settings.Timeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ServerUnreachableException.Broken(url, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Told(int count)
    {
        _done += count;
        settings.Progress?.Invoke(new TransferProgress(IsUpload: false, _done, total));
        return count;
    }
}
