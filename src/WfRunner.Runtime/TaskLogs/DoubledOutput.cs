using WfRunner.Runtime.Logging;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>Writes everything to two streams, which stay open.</summary>
/// <param name="one">One stream.</param>
/// <param name="other">The other.</param>
internal sealed class DoubledOutput(Stream one, Stream other) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        one.Write(buffer);
        other.Write(buffer);
    }

    public override void Flush()
    {
        one.Flush();
        other.Flush();
    }
}
