using System.Buffers;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Runtime.Tasks;

/// <summary>
/// Knows the secrets that tasks of an attempt have read, and replaces them wherever the attempt speaks: logs, output, messages of
/// failures. A value counts in the forms it takes in addresses and in JSON too. Values that are no secrets although they are
/// kept as such (hosts, ports and other settings of connections) and values too short to be told from other text are left
/// alone. Safe for several threads.
/// </summary>
public sealed class SecretMask
{
    private const string Shown = "***";
    private const int ShortestValue = 4;
    private const int ShortestNumber = 6;

    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "host", "port", "user", "username", "database", "schema", "endpoint", "region", "ssl", "tls", "use_ssl", "connect_timeout", "socket_timeout",
    };

    private readonly Lock _lock = new();
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private volatile Patterns _patterns = Patterns.None;

    /// <summary>Whether there is nothing to replace yet.</summary>
    public bool IsEmpty => _patterns.Texts.Length == 0;

    /// <summary>Adds a secret.</summary>
    /// <param name="key">Its key, for example <c>pg.password</c>.</param>
    /// <param name="value">Its value; the lines of one with several count each.</param>
    public void Add(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (Settings.Contains(key[(key.LastIndexOf('.') + 1)..]))
        {
            return;
        }

        lock (_lock)
        {
            var isNew = false;
            foreach (var line in value.Split('\n', StringSplitOptions.TrimEntries).Append(value.Trim()).Where(IsTellable))
            {
                isNew |= _values.Add(line);
            }

            if (isNew)
            {
                _patterns = Patterns.Of(_values);
            }
        }
    }

    /// <summary>Replaces secrets in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text without secrets.</returns>
    public string Apply(string text) => Replace(text, _patterns.Texts, _patterns.TextSearch);

    /// <summary>Replaces secrets in every text of a value; keys stay.</summary>
    /// <param name="map">The value.</param>
    /// <returns>The value without secrets.</returns>
    public ConfigMap Apply(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return IsEmpty ? map : (ConfigMap)Apply((ConfigValue)map);
    }

    /// <summary>Replaces secrets in a piece of a stream, whose bytes stand as characters of ISO 8859-1.</summary>
    /// <param name="bytes">The piece.</param>
    /// <param name="kept">How many characters at the end may be the beginning of a secret, and must wait for the next piece.</param>
    /// <returns>The piece without secrets.</returns>
    internal string ApplyToBytes(string bytes, out int kept)
    {
        var patterns = _patterns;
        var replaced = Replace(bytes, patterns.Bytes, patterns.ByteSearch);
        kept = 0;
        foreach (var pattern in patterns.Bytes)
        {
            for (var length = Math.Min(pattern.Length - 1, replaced.Length); length > kept; length--)
            {
                if (replaced.AsSpan(replaced.Length - length).SequenceEqual(pattern.AsSpan(0, length)))
                {
                    kept = length;
                }
            }
        }

        return replaced;
    }

    private ConfigValue Apply(ConfigValue value) => value switch
    {
        ConfigText text => new ConfigText(Apply(text.Value), text.Span),
        ConfigList list => new ConfigList(list.Items.Select(Apply), list.Span),
        ConfigMap map => ConfigMap.Of(map.Select(e => (e.Key, Apply(e.Value)))).At(map.Span),
        _ => value,
    };

    private static bool IsTellable(string value) =>
        value.Length >= (value.All(char.IsAsciiDigit) ? ShortestNumber : ShortestValue) && value is not ("true" or "false");

    // Of several secrets at one place the longest counts, so that none is left over in part.
    private static string Replace(string text, string[] patterns, SearchValues<string> search)
    {
        var at = patterns.Length == 0 ? -1 : text.AsSpan().IndexOfAny(search);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var from = 0;
        while (at >= 0)
        {
            var start = from + at;
            result.Append(text, from, at).Append(Shown);
            from = start + patterns.First(p => text.AsSpan(start).StartsWith(p, StringComparison.Ordinal)).Length;
            at = text.AsSpan(from).IndexOfAny(search);
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    // Longest first.
    private sealed record Patterns(string[] Texts, SearchValues<string> TextSearch, string[] Bytes, SearchValues<string> ByteSearch)
    {
        public static Patterns None { get; } = Of([]);

        public static Patterns Of(IEnumerable<string> values)
        {
            string[] texts = [.. values.SelectMany(Forms).Distinct(StringComparer.Ordinal).OrderByDescending(t => t.Length)];
            string[] bytes = [.. texts.Select(t => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(t))).OrderByDescending(t => t.Length)];
            return new(texts, SearchValues.Create(texts, StringComparison.Ordinal), bytes, SearchValues.Create(bytes, StringComparison.Ordinal));
        }

        private static IEnumerable<string> Forms(string value)
        {
            yield return value;
            yield return Uri.EscapeDataString(value);
            yield return System.Net.WebUtility.UrlEncode(value);
            var json = ConfigJson.Write(new ConfigText(value));
            yield return json[1..^1];
        }
    }
}
