using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace WfRunner.Query.Functions;

/// <summary>
/// Writes patterns of Java and of Presto's engine in .NET's syntax, where they differ: classes of POSIX and scripts
/// (<c>\p{Alpha}</c>, <c>\p{Han}</c>, <c>\p{IsHan}</c>), <c>\h</c>, <c>\R</c>, <c>\x{1F600}</c>, possessive quantifiers of one
/// character or class.
/// </summary>
internal static class JavaRegexSyntax
{
    // As the inside of a character class.
    private static readonly FrozenDictionary<string, string> Classes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Lower"] = "a-z",
        ["Upper"] = "A-Z",
        ["ASCII"] = @"\x00-\x7F",
        ["Alpha"] = "a-zA-Z",
        ["Alphabetic"] = @"\p{L}\p{Nl}",
        ["Digit"] = "0-9",
        ["Alnum"] = "a-zA-Z0-9",
        ["Punct"] = @"!-/:-@\[-`{-~",
        ["Graph"] = "!-~",
        ["Print"] = " -~",
        ["Blank"] = @" \t",
        ["Cntrl"] = @"\x00-\x1F\x7F",
        ["XDigit"] = "0-9a-fA-F",
        ["Space"] = @" \t\n\x0B\f\r",
        ["Han"] = @"\u2E80-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF",
        ["Hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["Katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\uFF66-\uFF6F\uFF71-\uFF9D",
        ["Hangul"] = @"\u1100-\u11FF\u3131-\u318E\uA960-\uA97C\uAC00-\uD7A3\uFFA0-\uFFDC",
        ["Latin"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u1E00-\u1EFF\uFF21-\uFF3A\uFF41-\uFF5A",
        ["Cyrillic"] = @"\u0400-\u052F\u1C80-\u1C88\u2DE0-\u2DFF\uA640-\uA69F",
        ["Greek"] = @"\u0370-\u03E1\u03F0-\u03FF\u1F00-\u1FFE",
        ["Arabic"] = @"\u0600-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDFF\uFE70-\uFEFC",
        ["Hebrew"] = @"\u0591-\u05F4\uFB1D-\uFB4F",
        ["Thai"] = @"\u0E01-\u0E3A\u0E40-\u0E5B",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The pattern in .NET's syntax. What is wrong with it the engine says.</summary>
    public static string ToDotNet(string pattern)
    {
        if (!pattern.Contains('\\', StringComparison.Ordinal) && !pattern.Contains('+', StringComparison.Ordinal))
        {
            return pattern;
        }

        var result = new StringBuilder(pattern.Length);
        var inClass = 0;
        var atom = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var start = result.Length;
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(Escape(pattern, ref i, inClass > 0));
            }
            else if (c == '+' && inClass == 0 && i > 0 && result.Length > atom && pattern[i - 1] is '+' or '*' or '?' && !IsEscaped(pattern, i - 1))
            {
                // The quantifier stands in the result already; what it repeats starts at the atom.
                result.Insert(atom, "(?>").Append(')');
                continue;
            }
            else
            {
                inClass += c == '[' ? 1 : c == ']' && inClass > 0 ? -1 : 0;
                result.Append(c);
            }

            atom = inClass > 0 || c is '*' or '+' or '?' or '}' || (c == ']' && pattern[i] == ']') ? atom : start;
            atom = c == '[' && inClass == 1 ? start : atom;
        }

        return result.ToString();
    }

    private static bool IsEscaped(string pattern, int at)
    {
        var slashes = 0;
        while (at - slashes > 0 && pattern[at - slashes - 1] == '\\')
        {
            slashes++;
        }

        return slashes % 2 == 1;
    }

    private static string Escape(string pattern, ref int i, bool isInClass)
    {
        var kind = pattern[++i];
        switch (kind)
        {
            case 'Q' when pattern.IndexOf("\\E", i, StringComparison.Ordinal) is var end && !isInClass:
                var quoted = end < 0 ? pattern[(i + 1)..] : pattern[(i + 1)..end];
                i = end < 0 ? pattern.Length - 1 : end + 1;
                return System.Text.RegularExpressions.Regex.Escape(quoted);
            case 'h':
                return Class(@" \t\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000", isInClass, isNegative: false);
            case 'R' when !isInClass:
                return @"(?:\r\n|[\n\x0B\f\r\u0085\u2028\u2029])";
            case 'x' when i + 1 < pattern.Length && pattern[i + 1] == '{' && pattern.IndexOf('}', i) is var close and > 0
                && int.TryParse(pattern.AsSpan(i + 2, close - i - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code):
                i = close;
                return System.Text.RegularExpressions.Regex.Escape(new Rune(code).ToString());
            case 'p' or 'P' when i + 1 < pattern.Length && pattern[i + 1] != '{':
                return $"\\{kind}{{{pattern[++i]}}}";
            case 'p' or 'P' when pattern.IndexOf('}', i) is var brace and > 0:
                var name = pattern[(i + 2)..brace];
                i = brace;
                return Property(name, kind == 'P', isInClass);
            default:
                return "\\" + kind;
        }
    }

    // Categories are .NET's own; scripts and POSIX's classes go with and without a prefix.
    private static string Property(string name, bool isNegative, bool isInClass)
    {
        var bare = name.Split('=')[^1];
        bare = bare.Length > 2 && bare.StartsWith("Is", StringComparison.Ordinal) ? bare[2..] : bare;
        return Classes.TryGetValue(bare, out var characters) ? Class(characters, isInClass, isNegative)
            : name.StartsWith("In", StringComparison.Ordinal) ? $"\\{(isNegative ? 'P' : 'p')}{{Is{name[2..]}}}"
            : $"\\{(isNegative ? 'P' : 'p')}{{{(name.Length <= 2 ? name : bare.Length <= 2 ? bare : name)}}}";
    }

    private static string Class(string characters, bool isInClass, bool isNegative) =>
        isInClass && !isNegative ? characters : isNegative ? $"[^{characters}]" : $"[{characters}]";
}
