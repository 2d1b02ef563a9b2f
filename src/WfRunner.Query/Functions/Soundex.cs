namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>soundex</c>: a letter and three digits for how a word sounds in English.</summary>
internal static class Soundex
{
    private const int Length = 4;

    // Digits of A to Z: 0 for vowels, which part equal digits, - for H and W, which do not.
    private const string Digits = "01230120-22455012623010202";

    // The letters of the table above that are no sound of their own.
    private const string Silent = "HW";

    /// <summary>The code of a word; an empty text for one without letters.</summary>
    public static string Of(string word)
    {
        Span<char> code = stackalloc char[Length];
        var count = 0;
        var last = '0';
        foreach (var letter in word.ToUpperInvariant().Where(char.IsAsciiLetterUpper))
        {
            var digit = Silent.Contains(letter, StringComparison.Ordinal) ? '-' : Digits[letter - 'A'];
            if (count == 0)
            {
                code[count++] = letter;
            }
            else if (digit is not ('0' or '-') && digit != last)
            {
                code[count++] = digit;
            }

            last = digit == '-' ? last : digit;
            if (count == Length)
            {
                break;
            }
        }

        return count == 0 ? string.Empty : new string(code[..count]).PadRight(Length, '0');
    }
}
