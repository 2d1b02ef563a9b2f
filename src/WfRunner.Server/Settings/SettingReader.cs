using System.Globalization;
using NodaTime;
using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>Reads typed values of the system configuration with Digdag's messages (server 2).</summary>
internal sealed class SettingReader(IReadOnlyDictionary<string, string> config)
{
    public IEnumerable<string> Keys => config.Keys;

    public string? Text(string key) => config.TryGetValue(key, out var value) ? value : null;

    public string Required(string key) => Text(key) ?? throw new ConfigException($"Parameter '{key}' is required but not set");

    public int Int32(string key, int fallback) => Int32OrNull(key) ?? fallback;

    public int? Int32OrNull(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        return int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ConfigException($"Expected integer (int) type for key '{key}' but got \"{text}\" (string)");
    }

    /// <summary>A port; 0 lets the system choose.</summary>
    public int? Port(string key) => Int32OrNull(key) switch
    {
        null => null,
        var port and >= 0 and <= ushort.MaxValue => port,
        var wrong => throw new ConfigException($"{key} must be a port of 0 to {ushort.MaxValue}, but is {wrong}"),
    };

    public long Int64(string key, long fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ConfigException($"Expected integer (long) type for key '{key}' but got \"{text}\" (string)");
    }

    public bool Boolean(string key, bool fallback) => Text(key)?.Trim() switch
    {
        null => fallback,
        "true" => true,
        "false" => false,
        var text => throw new ConfigException($"Expected 'true' or 'false' for key '{key}' but got \"{text}\" (string)"),
    };

    /// <summary>A time such as <c>1h 30m</c>.</summary>
    public Duration? Duration(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        return DurationText.TryParse(text.Trim(), out var duration)
            ? duration
            : throw new ConfigException($"{key} must be a time such as '1h 30m', but is '{text}'");
    }

    /// <summary>All keys below a prefix, without it.</summary>
    public IReadOnlyDictionary<string, string> Below(string prefix) => config
        .Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);
}
