using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>Zone names of TD's time functions (operators-td 16.2): abbreviations are fixed offsets, ids have their rules.</summary>
internal static class TdTimeZone
{
    private static readonly Dictionary<string, int> AbbreviationMinutes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["Z"] = 0,
        ["UCT"] = 0,
        ["JST"] = 540,
        ["KST"] = 540,
        ["PST"] = -480,
        ["PDT"] = -420,
        ["MST"] = -420,
        ["MDT"] = -360,
        ["CST"] = -360,
        ["CDT"] = -300,
        ["EST"] = -300,
        ["EDT"] = -240,
        ["HST"] = -600,
        ["AKST"] = -540,
        ["AKDT"] = -480,
        ["WET"] = 0,
        ["WEST"] = 60,
        ["CET"] = 60,
        ["CEST"] = 120,
        ["EET"] = 120,
        ["EEST"] = 180,
        ["MSK"] = 180,
        ["IST"] = 330,
        ["BST"] = 60,
        ["SGT"] = 480,
        ["HKT"] = 480,
        ["AEST"] = 600,
        ["AEDT"] = 660,
    };

    private static readonly ConcurrentDictionary<string, DateTimeZone?> Known = new(StringComparer.Ordinal);

    /// <summary>The zone of a name; UTC for null.</summary>
    /// <exception cref="SqlFunctionException">The name is unknown.</exception>
    public static DateTimeZone Get(string? name) =>
        name is null ? DateTimeZone.Utc : Find(name) ?? throw new SqlFunctionException($"Unknown time zone: {name}");

    /// <summary>The zone of a name, or null when it is unknown.</summary>
    public static DateTimeZone? Find(string name) => Known.GetOrAdd(name, static n => Resolve(n.Trim()));

    private static DateTimeZone? Resolve(string name)
    {
        if (AbbreviationMinutes.TryGetValue(name, out var minutes))
        {
            return Fixed(minutes * 60);
        }

        if (FixedOffset(name) is { } seconds)
        {
            return Fixed(seconds);
        }

        var ids = DateTimeZoneProviders.Tzdb;
        return ids.GetZoneOrNull(name)
            ?? (ids.Ids.FirstOrDefault(id => id.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } id ? ids[id] : null);
    }

    private static DateTimeZone Fixed(int seconds) => seconds == 0 ? DateTimeZone.Utc : DateTimeZone.ForOffset(Offset.FromSeconds(seconds));

    // +9, +09, +0900, +09:00, each also behind GMT or UTC; at most 18 hours
    private static int? FixedOffset(string name)
    {
        var text = name;
        if (text.StartsWith("GMT", StringComparison.OrdinalIgnoreCase) || text.StartsWith("UTC", StringComparison.OrdinalIgnoreCase))
        {
            text = text[3..];
        }

        if (text.Length < 2 || text[0] is not ('+' or '-'))
        {
            return null;
        }

        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (hourText, minuteText) = colon >= 0 ? (text[..colon], text[(colon + 1)..])
            : text.Length <= 2 ? (text, "00")
            : (text[..^2], text[^2..]);
        return hourText.Length is 1 or 2 && minuteText.Length == 2
            && int.TryParse(hourText, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(minuteText, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && hours <= 17 && minutes < 60
            ? sign * ((hours * 60) + minutes) * 60
            : null;
    }
}
