using System.Text;

namespace WfRunner.Query.Functions;

/// <summary>
/// The part of Unicode's compatibility forms that Japanese data is full of: wide Latin letters become narrow, narrow Katakana wide. The
/// program carries no other tables of Unicode; canonical composition is the engine's.
/// </summary>
internal static class WidthForms
{
    private const char FirstNarrow = '\uFF61';

    // U+FF61 to U+FF9F in their order.
    private const string Wide =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    /// <summary>Replaces wide and narrow forms by the usual ones; sound marks stay separate.</summary>
    public static string Replace(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            result.Append(c switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
                '\u3000' => ' ',
                >= FirstNarrow and <= '\uFF9F' => Wide[c - FirstNarrow],
                _ => c,
            });
        }

        return result.ToString();
    }
}
