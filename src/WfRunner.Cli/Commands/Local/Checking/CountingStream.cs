using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>Takes bytes and keeps nothing but their number.</summary>
internal sealed class CountingStream : WriteOnlyStream
{
    /// <summary>How many came so far.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;

    /// <inheritdoc/>
    public override void Flush()
    {
    }
}
