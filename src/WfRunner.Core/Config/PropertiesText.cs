using System.Globalization;
using System.Text;

namespace WfRunner.Core.Config;

/// <summary>
/// Reads Java properties text: <c>key=value</c>, <c>key: value</c>, <c>key value</c>, comments with <c>#</c> and <c>!</c>,
/// continuation lines and escapes. Digdag behaviour: cli-local 4.1.
/// </summary>
public static class PropertiesText
{
    /// <summary>Reads properties.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Keys with values in order; a repeated key appears again.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in LogicalLines(text))
        {
            var end = KeyEnd(line);
            var at = end;
            while (at < line.Length && IsBlank(line[at]))
            {
                at++;
            }

            if (at < line.Length && line[at] is '=' or ':')
            {
                at++;
                while (at < line.Length && IsBlank(line[at]))
                {
                    at++;
                }
            }

            yield return new(Unescape(line[..end]), Unescape(line[at..]));
        }
    }

    /// <summary>Decodes the bytes of a properties file: UTF-8, or ISO-8859-1 as Java reads it where they are no UTF-8.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The text.</returns>
    public static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static IEnumerable<string> LogicalLines(string text)
    {
        StringBuilder? continued = null;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.TrimStart(' ', '\t', '\f');
            if (continued is null && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            var backslashes = line.Length - line.TrimEnd('\\').Length;
            if (backslashes % 2 == 1)
            {
                (continued ??= new StringBuilder()).Append(line, 0, line.Length - 1);
                continue;
            }

            yield return continued is null ? line : continued.Append(line).ToString();
            continued = null;
        }

        if (continued is not null)
        {
            yield return continued.ToString();
        }
    }

    private static int KeyEnd(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (IsBlank(line[i]) || line[i] is '=' or ':')
            {
                return i;
            }
        }

        return line.Length;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\f';

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                builder.Append(text[i]);
                continue;
            }

            var c = text[++i];
            if (c == 'u' && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                builder.Append((char)code);
                i += 4;
            }
            else
            {
                builder.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', _ => c });
            }
        }

        return builder.ToString();
    }
}
