using System.Text;

namespace WfRunner.Runtime.Tasks;

/// <summary>The end of what a task said, as far as it helps to see why it failed.</summary>
internal sealed class OutputTail
{
    private const int KeptBytes = 4096;
    private const int KeptLines = 10;
    private const int LongestLine = 500;

    private readonly byte[] _ring = new byte[KeptBytes];
    private long _total;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes.Length > KeptBytes ? bytes[^KeptBytes..] : bytes)
        {
            _ring[_total++ % KeptBytes] = b;
        }
    }

    /// <summary>The last lines, without empty ones at the end.</summary>
    public IReadOnlyList<string> Lines()
    {
        if (_total == 0)
        {
            return [];
        }

        var at = (int)(_total % KeptBytes);
        byte[] kept = _total <= KeptBytes ? _ring[..(int)_total] : [.. _ring[at..], .. _ring[..at]];
        var lines = Encoding.UTF8.GetString(kept).TrimEnd().Split('\n');
        return [.. lines.Skip(Math.Max(0, lines.Length - KeptLines)).Select(Shorten)];
    }

    private static string Shorten(string line)
    {
        var text = line.TrimEnd('\r');
        return text.Length <= LongestLine ? text : text[..LongestLine] + "...";
    }
}
