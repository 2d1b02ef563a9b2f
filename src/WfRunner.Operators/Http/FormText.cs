using System.Net;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Http;

/// <summary>Names and values in the encoding of HTML forms, as Java writes it. Also used for queries: a space becomes <c>+</c>.</summary>
internal static class FormText
{
    public static string Encode(string text) => WebUtility.UrlEncode(text)
        .Replace("!", "%21", StringComparison.Ordinal)
        .Replace("(", "%28", StringComparison.Ordinal)
        .Replace(")", "%29", StringComparison.Ordinal);

    public static string Of(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(p => $"{Encode(p.Key)}={Encode(p.Value)}"));

    /// <summary>Reads <c>a=1&amp;b=two%20words</c>; a name without <c>=</c> has an empty value.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parse(string text) => text
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => new KeyValuePair<string, string>(WebUtility.UrlDecode(p[0]), p.Length == 1 ? string.Empty : WebUtility.UrlDecode(p[1])));

    /// <summary>The text of a number, a boolean or a text; null for anything that nests.</summary>
    public static string? ScalarText(ConfigValue value) => value switch
    {
        ConfigText text => text.Value,
        ConfigMap or ConfigList => null,
        _ => ConfigJson.Write(value),
    };
}
