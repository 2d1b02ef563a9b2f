namespace WfRunner.Query.Functions;

/// <summary>
/// Presto's <c>word_stem</c> for English: the second version of Porter's algorithm
/// (https://snowballstem.org/algorithms/english/stemmer.html), whose words for regions and steps are used here.
/// </summary>
internal static class WordStem
{
    private const string Vowels = "aeiouy";
    private const string Doubles = "bdfgmnprt";
    private const string ValidLi = "cdeghkmnrt";

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["idly"] = "idl",
        ["gently"] = "gentl",
        ["ugly"] = "ugli",
        ["early"] = "earli",
        ["only"] = "onli",
        ["singly"] = "singl",
        ["sky"] = "sky",
        ["news"] = "news",
        ["howe"] = "howe",
        ["atlas"] = "atlas",
        ["cosmos"] = "cosmos",
        ["bias"] = "bias",
        ["andes"] = "andes",
    };

    private static readonly string[] AfterStep1A = ["inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"];

    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("tional", "tion"), ("biliti", "ble"),
        ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("ousli", "ous"), ("iviti", "ive"), ("fulli", "ful"),
        ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""), ("ical", "ic"), ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic",
    ];

    /// <summary>The stem of a word in lower case.</summary>
    /// <param name="word">The word.</param>
    /// <param name="language">Its language; only <c>en</c> is known here.</param>
    /// <exception cref="SqlFunctionException">The language is another one.</exception>
    public static string Of(string word, string language)
    {
        if (!language.Equals("en", StringComparison.OrdinalIgnoreCase))
        {
            throw new SqlFunctionException($"word_stem knows the language 'en' here, not '{language}'");
        }

        var lower = word.ToLowerInvariant();
        return lower.Length <= 2 ? lower : Exceptions.GetValueOrDefault(lower) ?? Stem(lower.TrimStart('\''));
    }

    private static string Stem(string word)
    {
        word = MarkConsonantY(word);
        var (r1, r2) = Regions(word);
        word = Step1A(Step0(word));
        if (AfterStep1A.Contains(word))
        {
            return word;
        }

        word = Step1C(Step1B(word, r1));
        word = Replace(word, Step2, r1, (w, s) => s switch
        {
            "ogi" => w.EndsWith("logi", StringComparison.Ordinal),
            "li" => w.Length > 2 && ValidLi.Contains(w[^3], StringComparison.Ordinal),
            _ => true,
        });
        word = Replace(word, Step3, r1, (w, s) => s != "ative" || w.Length - s.Length >= r2);
        word = Step5(RemoveStep4(word, r2), r1, r2);
        return word.Replace('Y', 'y');
    }

    private static bool IsVowel(char c) => Vowels.Contains(c, StringComparison.Ordinal);

    // A y at the start or behind a vowel is a consonant.
    private static string MarkConsonantY(string word)
    {
        var letters = word.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (letters[i] == 'y' && (i == 0 || IsVowel(letters[i - 1])))
            {
                letters[i] = 'Y';
            }
        }

        return new string(letters);
    }

    private static (int R1, int R2) Regions(string word)
    {
        var prefix = Array.Find(["gener", "commun", "arsen"], p => word.StartsWith(p, StringComparison.Ordinal));
        var r1 = prefix?.Length ?? BehindConsonant(word, 0);
        return (r1, BehindConsonant(word, r1));
    }

    // Behind the first consonant that follows a vowel.
    private static int BehindConsonant(string word, int from)
    {
        for (var i = from + 1; i < word.Length; i++)
        {
            if (!IsVowel(word[i]) && IsVowel(word[i - 1]))
            {
                return i + 1;
            }
        }

        return word.Length;
    }

    private static bool HasVowel(string text) => text.Any(IsVowel);

    // A short syllable at the end: a vowel between consonants, the last none of w, x, Y; or a vowel first and a consonant.
    private static bool EndsShort(string word) => word.Length switch
    {
        2 => IsVowel(word[0]) && !IsVowel(word[1]),
        > 2 => !IsVowel(word[^3]) && IsVowel(word[^2]) && !IsVowel(word[^1]) && word[^1] is not ('w' or 'x' or 'Y'),
        _ => false,
    };

    private static string Step0(string word) => word.EndsWith("'s'", StringComparison.Ordinal) ? word[..^3]
        : word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith('\'') ? word[..^1]
        : word;

    private static string Step1A(string word)
    {
        if (word.EndsWith("sses", StringComparison.Ordinal))
        {
            return word[..^2];
        }

        if (word.EndsWith("ied", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal))
        {
            return word.Length > 4 ? word[..^2] : word[..^1];
        }

        return word.EndsWith("us", StringComparison.Ordinal) || word.EndsWith("ss", StringComparison.Ordinal) ? word
            : word.EndsWith('s') && word.Length > 2 && HasVowel(word[..^2]) ? word[..^1]
            : word;
    }

    private static string Step1B(string word, int r1)
    {
        if (Array.Find(["eedly", "eed"], s => word.EndsWith(s, StringComparison.Ordinal)) is { } eed)
        {
            return word.Length - eed.Length >= r1 ? word[..^eed.Length] + "ee" : word;
        }

        if (Array.Find(["ingly", "edly", "ing", "ed"], s => word.EndsWith(s, StringComparison.Ordinal)) is not { } suffix || !HasVowel(word[..^suffix.Length]))
        {
            return word;
        }

        word = word[..^suffix.Length];
        if (word.EndsWith("at", StringComparison.Ordinal) || word.EndsWith("bl", StringComparison.Ordinal) || word.EndsWith("iz", StringComparison.Ordinal))
        {
            return word + "e";
        }

        return word.Length > 1 && word[^1] == word[^2] && Doubles.Contains(word[^1], StringComparison.Ordinal) ? word[..^1]
            : r1 >= word.Length && EndsShort(word) ? word + "e"
            : word;
    }

    private static string Step1C(string word) =>
        word.Length > 2 && word[^1] is 'y' or 'Y' && !IsVowel(word[^2]) ? word[..^1] + "i" : word;

    private static string Replace(string word, (string Suffix, string Replacement)[] rules, int region, Func<string, string, bool> mayApply)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal))
            {
                return word.Length - suffix.Length >= region && mayApply(word, suffix) ? word[..^suffix.Length] + replacement : word;
            }
        }

        return word;
    }

    private static string RemoveStep4(string word, int r2) =>
        Array.Find(Step4, s => word.EndsWith(s, StringComparison.Ordinal)) is { } suffix && word.Length - suffix.Length >= r2
        && (suffix != "ion" || (word.Length > 3 && word[^4] is 's' or 't'))
            ? word[..^suffix.Length]
            : word;

    private static string Step5(string word, int r1, int r2) =>
        word.EndsWith('e') && (word.Length - 1 >= r2 || (word.Length - 1 >= r1 && !EndsShort(word[..^1]))) ? word[..^1]
        : word.EndsWith("ll", StringComparison.Ordinal) && word.Length - 1 >= r2 ? word[..^1]
        : word;
}
