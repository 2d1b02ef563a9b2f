using System.Buffers;

namespace WfRunner.Operators.Scripting;

/// <summary>What a command answers on its standard output.</summary>
/// <param name="maximumLength">The most bytes that are taken.</param>
internal sealed class Answer(int maximumLength)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What came so far.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Takes more.</summary>
    /// <exception cref="IOException">It is too much.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if ((long)_bytes.WrittenCount + bytes.Length > maximumLength)
        {
            throw new IOException($"The answer on standard output is larger than {maximumLength} bytes");
        }

        _bytes.Write(bytes);
    }
}
