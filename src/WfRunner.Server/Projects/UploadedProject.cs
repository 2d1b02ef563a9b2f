using WfRunner.Core;
using WfRunner.Runtime.Archives;

namespace WfRunner.Server.Projects;

/// <summary>A project that a client sent, unpacked into a folder of its own that goes with it.</summary>
internal sealed class UploadedProject : IDisposable
{
    private readonly MemoryStream _upload = new();

    private UploadedProject(string folder) => Folder = folder;

    /// <summary>Absolute path of the folder with its files.</summary>
    public string Folder { get; }

    /// <summary>The bytes as they came.</summary>
    public ReadOnlyMemory<byte> Archive => _upload.GetBuffer().AsMemory(0, checked((int)_upload.Length));

    /// <summary>Receives a project.</summary>
    /// <param name="body">A <c>.tar.gz</c>.</param>
    /// <param name="maximumSize">The most bytes it may have, packed and unpacked.</param>
    /// <param name="temporaryDirectory">Where its folder is made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">It is too large, no archive, or leaves its folder.</exception>
    public static async Task<UploadedProject> ReceiveAsync(
        Stream body, long maximumSize, string temporaryDirectory, CancellationToken cancellationToken)
    {
        var project = new UploadedProject(Path.Combine(temporaryDirectory, "wf-push-" + Guid.NewGuid().ToString("N")));
        try
        {
            Directory.CreateDirectory(project.Folder);
            await UnpackAsync(body, project._upload, project.Folder, maximumSize, cancellationToken).ConfigureAwait(false);
            return project;
        }
        catch
        {
            project.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _upload.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    // Unpacked while it arrives, so that the first thing too large ends it, with the message that names the file.
    private static async Task UnpackAsync(
        Stream body, MemoryStream upload, string folder, long maximumSize, CancellationToken cancellationToken)
    {
        var copy = new CopyingStream(body, upload, maximumSize);
        await using (copy.ConfigureAwait(false))
        {
            await ExtractAsync(copy, folder, maximumSize, cancellationToken).ConfigureAwait(false);
            await copy.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }

        if (upload.Length > maximumSize)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, $"Size of the uploaded archive file exceeds limit ({maximumSize} bytes)");
        }
    }

    private static async Task ExtractAsync(Stream archive, string folder, long maximumSize, CancellationToken cancellationToken)
    {
        try
        {
            await ArchiveExtractor.ExtractAsync(archive, folder, ArchiveLimits.OfTotal(maximumSize), null, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveRefusedException e) when (e.Refusal == ArchiveRefusal.EscapingEntry)
        {
            throw new WorkflowException(FailureKind.IllegalArgument, "Bad zip entry", null, e);
        }
    }

    /// <summary>Reads from one stream and keeps what was read, up to somewhat more than the limit that is checked at the end.</summary>
    private sealed class CopyingStream(Stream source, MemoryStream copy, long maximumSize) : Stream
    {
        // Padding of tar blocks and the like may make an archive larger than the files in it.
        private const int Slack = 1024 * 1024;

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
            var count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (copy.Length + count > maximumSize + Slack)
            {
                throw new WorkflowException(
                    FailureKind.IllegalArgument, $"Size of the uploaded archive file exceeds limit ({maximumSize} bytes)");
            }

            copy.Write(buffer.Span[..count]);
            return count;
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
    }
}
