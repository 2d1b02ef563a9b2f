using System.Net;

namespace WfRunner.Client;

/// <summary>A body from a stream that can be sent again: it starts at the same place each time and leaves the stream open.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int PieceSize = 64 * 1024;

    private readonly Stream _source;
    private readonly long _start;
    private readonly Action<long> _sent;

    /// <summary>Makes a body.</summary>
    /// <param name="source">Where the bytes come from; can seek.</param>
    /// <param name="start">Where they start.</param>
    /// <param name="sent">Told how many bytes were sent so far.</param>
    public UploadContent(Stream source, long start, Action<long> sent)
    {
        _source = source;
        _start = start;
        _sent = sent;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _source.Position = _start;
        var piece = new byte[PieceSize];
        var done = 0L;
        int count;
        while ((count = await _source.ReadAsync(piece, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            _sent(done += count);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Length - _start;
        return true;
    }
}
