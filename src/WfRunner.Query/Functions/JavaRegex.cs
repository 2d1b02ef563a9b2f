using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WfRunner.Core.Config;

namespace WfRunner.Query.Functions;

/// <summary>
/// Presto's <c>regexp_*</c> functions, whose patterns and replacements are Java's: <c>$1</c> and <c>${name}</c> are references,
/// <c>\</c> takes the next character as it is (operators-td 22.3).
/// </summary>
internal static class JavaRegex
{
    // A pattern that backtracks without end must not hang the task.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <summary><c>regexp_like</c>: whether any part of the text matches.</summary>
    public static bool Like(string text, string pattern) => Get(pattern).IsMatch(text);

    /// <summary><c>regexp_extract</c>: the first match's group, NULL when there is none.</summary>
    public static string? Extract(string text, string pattern, long group)
    {
        var match = Get(pattern).Match(text);
        var found = Group(match, group, pattern);
        return match.Success && found.Success ? found.Value : null;
    }

    /// <summary><c>regexp_extract_all</c>.</summary>
    public static List<string?> ExtractAll(string text, string pattern, long group) =>
        [.. Get(pattern).Matches(text).Select(m => Group(m, group, pattern) is { Success: true } g ? g.Value : null)];

    /// <summary><c>regexp_replace</c> of every match.</summary>
    public static string Replace(string text, string pattern, string replacement)
    {
        var regex = Get(pattern);
        return regex.Replace(text, match => Expand(match, regex, replacement));
    }

    /// <summary><c>regexp_split</c>.</summary>
    public static List<string?> Split(string text, string pattern)
    {
        // .NET's own Split returns captured groups as well.
        var parts = new List<string?>();
        var at = 0;
        foreach (Match match in Get(pattern).Matches(text))
        {
            parts.Add(text[at..match.Index]);
            at = match.Index + match.Length;
        }

        parts.Add(text[at..]);
        return parts;
    }

    /// <summary><c>regexp_count</c>.</summary>
    public static long Count(string text, string pattern) => Get(pattern).Count(text);

    /// <summary><c>regexp_position</c>: where, from 1, the match of a number at or behind a place starts; -1 when there is none.</summary>
    /// <exception cref="SqlFunctionException">The place or the number is not positive.</exception>
    public static long Position(string text, string pattern, long start, long occurrence)
    {
        if (start < 1 || occurrence < 1)
        {
            throw new SqlFunctionException(start < 1 ? "start position cannot be smaller than 1" : "occurrence cannot be smaller than 1");
        }

        if (start > text.Length)
        {
            return -1;
        }

        var match = Get(pattern).Match(text, (int)(start - 1));
        for (var n = 1L; n < occurrence && match.Success; n++)
        {
            match = match.NextMatch();
        }

        return match.Success ? match.Index + 1 : -1;
    }

    /// <summary>
    /// A text in pieces for <c>regexp_replace</c> with a function: behind <c>=</c> what stays, and as a JSON array the groups of what
    /// matches, from the first on.
    /// </summary>
    public static List<string?> Pieces(string text, string pattern)
    {
        var pieces = new List<string?>();
        var at = 0;
        foreach (Match match in Get(pattern).Matches(text))
        {
            pieces.Add("=" + text[at..match.Index]);
            pieces.Add(new ConfigList([.. match.Groups.Values.Skip(1).Select(g => g.Success ? (ConfigValue)new ConfigText(g.Value) : ConfigNull.Instance)]).ToString());
            at = match.Index + match.Length;
        }

        pieces.Add("=" + text[at..]);
        return pieces;
    }

    private static Regex Get(string pattern) => Known.GetOrAdd(pattern, static p =>
    {
        try
        {
            return new Regex(JavaRegexSyntax.ToDotNet(p), RegexOptions.CultureInvariant, TimeLimit);
        }
        catch (ArgumentException e)
        {
            throw new SqlFunctionException(e.Message);
        }
    });

    private static Group Group(Match match, long group, string pattern)
    {
        var count = Get(pattern).GetGroupNumbers().Length;
        return group >= 0 && group < count
            ? match.Groups[(int)group]
            : throw new SqlFunctionException(string.Create(
                CultureInfo.InvariantCulture, $"Pattern has {count - 1} groups. Cannot access group {group}"));
    }

    private static string Expand(Match match, Regex regex, string replacement)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c == '\\' && i + 1 < replacement.Length)
            {
                text.Append(replacement[++i]);
            }
            else if (c == '$')
            {
                text.Append(Reference(match, regex, replacement, ref i));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static string Reference(Match match, Regex regex, string replacement, ref int i)
    {
        if (i + 1 < replacement.Length && replacement[i + 1] == '{' && replacement.IndexOf('}', i) is var end and > 0)
        {
            var name = replacement[(i + 2)..end];
            i = end;
            return regex.GroupNumberFromName(name) >= 0
                ? match.Groups[name].Value
                : throw new SqlFunctionException($"Illegal replacement sequence: unknown group {{ {name} }}");
        }

        if (i + 1 >= replacement.Length || !char.IsAsciiDigit(replacement[i + 1]))
        {
            throw new SqlFunctionException("Illegal replacement sequence: unescaped $ in a replacement");
        }

        // The longest number that is a group, as Java reads it.
        var number = replacement[++i] - '0';
        var groups = regex.GetGroupNumbers().Length;
        while (i + 1 < replacement.Length && char.IsAsciiDigit(replacement[i + 1]) && (number * 10) + replacement[i + 1] - '0' < groups)
        {
            number = (number * 10) + replacement[++i] - '0';
        }

        return number < groups
            ? match.Groups[number].Value
            : throw new SqlFunctionException($"Illegal replacement sequence: unknown group {number.ToString(CultureInfo.InvariantCulture)}");
    }
}
