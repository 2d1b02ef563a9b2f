using System.Text;

namespace WfRunner.Operators.Http;

/// <summary>
/// Sends a header that is given several times as several lines, as it was written. .NET joins their values to one line, which means
/// the same (RFC 9110, section 5.3), but not to every server. The connection carries one request: its head is held back until
/// it is complete, everything behind it passes through.
/// </summary>
internal sealed class RepeatedHeaderStream(Stream connection, IReadOnlyList<IGrouping<string, string>> repeated) : Stream
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly MemoryStream _head = new();
    private bool _headIsSent;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Take(buffer.Span) is { } bytes)
        {
            await connection.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        else if (_headIsSent)
        {
            await connection.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Take(buffer) is { } bytes)
        {
            connection.Write(bytes);
        }
        else if (_headIsSent)
        {
            connection.Write(buffer);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => connection.Read(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _head.Dispose();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    // What is to be sent now that the head is complete; null while it is not, and when it has been sent before.
    private byte[]? Take(ReadOnlySpan<byte> buffer)
    {
        if (_headIsSent)
        {
            return null;
        }

        _head.Write(buffer);
        var all = _head.GetBuffer().AsSpan(0, (int)_head.Length);
        var end = all.IndexOf(EndOfHead);
        if (end < 0)
        {
            return null;
        }

        _headIsSent = true;
        return [.. Encoding.Latin1.GetBytes(Split(Encoding.Latin1.GetString(all[..end]))), .. all[end..]];
    }

    private string Split(string head)
    {
        foreach (var header in repeated)
        {
            var joined = $"\r\n{header.Key}: {string.Join(", ", header)}";
            var at = (head + "\r\n").IndexOf(joined + "\r\n", StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                head = head[..at] + string.Concat(header.Select(v => $"\r\n{header.Key}: {v}")) + head[(at + joined.Length)..];
            }
        }

        return head;
    }
}
