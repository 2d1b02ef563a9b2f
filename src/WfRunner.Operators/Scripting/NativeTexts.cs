using System.Text;

namespace WfRunner.Operators.Scripting;

/// <summary>An array of texts as C functions take it: pointers to UTF-8 with a null at the end of each and of all.</summary>
internal sealed class NativeTexts
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    public NativeTexts(IEnumerable<string> texts)
    {
        var all = new MemoryStream();
        var starts = new List<int>();
        foreach (var text in texts)
        {
            starts.Add((int)all.Length);
            all.Write(Encoding.UTF8.GetBytes(text));
            all.WriteByte(0);
        }

        all.WriteByte(0);
        _bytes = all.ToArray();
        _starts = [.. starts];
    }

    public int Count => _starts.Length;

    /// <summary>The bytes, to be pinned while pointers to them are in use.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Fills in the pointers.</summary>
    /// <param name="bytes">Where <see cref="Bytes"/> is pinned.</param>
    /// <param name="pointers">Room for one more than <see cref="Count"/>.</param>
    public unsafe void Fill(byte* bytes, byte** pointers)
    {
        for (var i = 0; i < _starts.Length; i++)
        {
            pointers[i] = bytes + _starts[i];
        }

        pointers[_starts.Length] = null;
    }
}
