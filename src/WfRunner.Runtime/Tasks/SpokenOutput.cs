using System.Text;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;

namespace WfRunner.Runtime.Tasks;

/// <summary>
/// The log and the output of one task as they leave it: without secrets. The last lines of the output are kept, to be told with a
/// failure.
/// </summary>
internal sealed class SpokenOutput : ITaskOutput
{
    private readonly ITaskOutput _inner;
    private readonly MaskingStream _output;

    public SpokenOutput(ITaskOutput inner, SecretMask mask)
    {
        _inner = inner;
        _output = new MaskingStream(inner.Output, mask);
        Log = new MaskedLog(inner.Log, mask);
    }

    public ITaskLog Log { get; }

    public Stream Output => _output;

    /// <summary>The last lines of what the task said.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            _output.PassWaiting();
            return _output.Tail.Lines();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _output.DisposeAsync().ConfigureAwait(false);
        await _inner.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class MaskedLog(ITaskLog inner, SecretMask mask) : ITaskLog
    {
        public bool IsEnabled(TaskLogLevel level) => inner.IsEnabled(level);

        public void Write(TaskLogLevel level, string message)
        {
            if (inner.IsEnabled(level))
            {
                inner.Write(level, mask.Apply(message));
            }
        }
    }

    // Bytes pass as they come while no secret is known. Then what may be the beginning of one waits for the next bytes.
    private sealed class MaskingStream(Stream inner, SecretMask mask) : WriteOnlyStream
    {
        private readonly Lock _lock = new();
        private string _waiting = string.Empty;

        public OutputTail Tail { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                if (mask.IsEmpty)
                {
                    Pass(buffer);
                    return;
                }

                var masked = mask.ApplyToBytes(_waiting + Encoding.Latin1.GetString(buffer), out var kept);
                _waiting = masked[^kept..];
                Pass(Encoding.Latin1.GetBytes(masked[..^kept]));
            }
        }

        public override void Flush() => inner.Flush();

        public void PassWaiting()
        {
            lock (_lock)
            {
                Pass(Encoding.Latin1.GetBytes(_waiting));
                _waiting = string.Empty;
                inner.Flush();
            }
        }

        // The inner stream is not this one's to close.
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                PassWaiting();
            }

            base.Dispose(disposing);
        }

        private void Pass(ReadOnlySpan<byte> bytes)
        {
            if (!bytes.IsEmpty)
            {
                Tail.Add(bytes);
                inner.Write(bytes);
            }
        }
    }
}
