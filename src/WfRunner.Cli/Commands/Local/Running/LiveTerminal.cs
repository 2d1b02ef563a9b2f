using System.Text;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>
/// Standard output with some lines below that change all the time. Everything that is written goes above them, in the order it
/// comes; while a line is unfinished they are hidden, so nothing is ever mixed into it.
/// </summary>
internal sealed class LiveTerminal : WriteOnlyStream
{
    private readonly Stream _inner;
    private readonly Lock _lock = new();
    private IReadOnlyList<string> _lines = [];
    private int _drawn;
    private bool _atLineStart = true;

    /// <summary>Takes over an output.</summary>
    /// <param name="inner">The terminal.</param>
    public LiveTerminal(Stream inner) => _inner = inner;

    /// <summary>Shows other lines below.</summary>
    /// <param name="lines">The lines; each must fit into the terminal's width. None hides the area.</param>
    public void Show(IReadOnlyList<string> lines)
    {
        lock (_lock)
        {
            if (lines.SequenceEqual(_lines) && (_drawn == lines.Count || !_atLineStart))
            {
                return;
            }

            _lines = lines;
            var text = new StringBuilder();
            Erase(text);
            Draw(text);
            Send(text);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            var text = new StringBuilder();
            Erase(text);
            Send(text);
            _inner.Write(buffer);
            _atLineStart = buffer[^1] == (byte)'\n';
            Draw(text.Clear());
            Send(text);
            _inner.Flush();
        }
    }

    public override void Flush() => _inner.Flush();

    // Back to the first line of the area, and everything from there on away.
    private void Erase(StringBuilder text)
    {
        if (_drawn > 0)
        {
            text.Append('\r');
            if (_drawn > 1)
            {
                text.Append("\u001b[").Append(_drawn - 1).Append('A');
            }

            text.Append("\u001b[J");
            _drawn = 0;
        }
    }

    private void Draw(StringBuilder text)
    {
        if (_atLineStart && _lines.Count > 0)
        {
            text.AppendJoin('\n', _lines);
            _drawn = _lines.Count;
        }
    }

    private void Send(StringBuilder text)
    {
        if (text.Length > 0)
        {
            _inner.Write(Encoding.UTF8.GetBytes(text.ToString()));
            _inner.Flush();
        }
    }
}
