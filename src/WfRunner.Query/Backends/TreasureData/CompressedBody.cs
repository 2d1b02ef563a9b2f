using System.IO.Compression;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// The body of a result, unzipped. Data that is empty or stops early is an error, which the unzipping stream alone takes for the end.
/// </summary>
internal sealed class CompressedBody(Stream compressed) : IAsyncDisposable
{
    private const int TrailerLength = 8;
    private const int MagicLength = 2;

    private readonly CountedStream _counted = new(compressed);

    /// <summary>The unzipped bytes.</summary>
    public Stream Open() => new GZipStream(_counted, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>Whether so many bytes came that it may have been a whole gzip file.</summary>
    public bool IsPlausible => _counted.Count >= MagicLength + TrailerLength;

    public ValueTask DisposeAsync() => _counted.DisposeAsync();

    private sealed class CountedStream(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Count += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Count += read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
