using System.Buffers;
using System.Text;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>Bytes of a YAML file to text. Digdag behaviour: dig-language 2.1.</summary>
internal static class YamlBytes
{
    /// <summary>Characters that may not stand in a YAML text.</summary>
    public static readonly SearchValues<char> Refused = SearchValues.Create(
    [
        .. Between('\0', '\b'), '\v', '\f', .. Between('\u000E', '\u001F'),
        .. Between('\u007F', '\u0084'), .. Between('\u0086', '\u009F'), '\uFFFE', '\uFFFF',
    ]);

    /// <summary>Decodes UTF-8, leaves a BOM out, and puts U+FFFD for what is malformed.</summary>
    /// <param name="bytes">The file.</param>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        return bytes.IndexOf((byte)0xED) < 0 ? Encoding.UTF8.GetString(bytes) : Encoding.UTF8.GetString(WithoutSurrogates(bytes));
    }

    private static IEnumerable<char> Between(char first, char last)
    {
        for (var c = first; c <= last; c++)
        {
            yield return c;
        }
    }

    // An encoded surrogate is one malformed character for Digdag, three for .NET; U+FFFD itself takes as many bytes.
    private static byte[] WithoutSurrogates(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        for (var i = 0; i + 2 < copy.Length; i++)
        {
            if (copy[i] == 0xED && copy[i + 1] is >= 0xA0 and <= 0xBF && copy[i + 2] is >= 0x80 and <= 0xBF)
            {
                (copy[i], copy[i + 1], copy[i + 2]) = (0xEF, 0xBF, 0xBD);
            }
        }

        return copy;
    }
}
