using System.Globalization;
using NodaTime;
using WfRunner.Core.Scheduling;

namespace WfRunner.Query.Functions;

/// <summary>Zones as TD's SQL functions name them. Source: operators-td 16.2.</summary>
internal static class TdTimeZone
{
    private static readonly Dictionary<string, double> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["Z"] = 0,
        ["UCT"] = 0,
        ["JST"] = 9,
        ["KST"] = 9,
        ["PST"] = -8,
        ["PDT"] = -7,
        ["MST"] = -7,
        ["MDT"] = -6,
        ["CST"] = -6,
        ["CDT"] = -5,
        ["EST"] = -5,
        ["EDT"] = -4,
        ["HST"] = -10,
        ["AKST"] = -9,
        ["AKDT"] = -8,
        ["WET"] = 0,
        ["WEST"] = 1,
        ["CET"] = 1,
        ["CEST"] = 2,
        ["EET"] = 2,
        ["EEST"] = 3,
        ["MSK"] = 3,
        ["IST"] = 5.5,
        ["BST"] = 1,
        ["SGT"] = 8,
        ["HKT"] = 8,
        ["AEST"] = 10,
        ["AEDT"] = 11,
    };

    public static DateTimeZone? Find(string text)
    {
        var name = text.Trim();
        if (Abbreviations.TryGetValue(name, out var hours))
        {
            return DateTimeZone.ForOffset(Offset.FromTicks((long)(hours * NodaConstants.TicksPerHour)));
        }

        if (TimeZoneId.TryParse(name, out var zone))
        {
            return zone;
        }

        var ignoringCase = DateTimeZoneProviders.Tzdb.Ids.FirstOrDefault(id => string.Compare(id, name, true, CultureInfo.InvariantCulture) == 0);
        return ignoringCase is null ? null : DateTimeZoneProviders.Tzdb[ignoringCase];
    }
}
