using System.Globalization;
using System.Text.RegularExpressions;
using WfRunner.Core.Config;

namespace WfRunner.Query.Functions;

/// <summary>
/// A browser, robot or device as its <c>User-Agent</c> header tells it: the common ones by their own words, everything else unknown
/// (operators-td 18.5 and 18.6). The service knows many more.
/// </summary>
/// <param name="Name">The browser or robot, for example <c>Chrome</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Vendor">Who makes it.</param>
/// <param name="Os">The operating system, for example <c>Windows 7</c>.</param>
/// <param name="OsVersion">Its version, for example <c>NT 6.1</c>.</param>
/// <param name="Category">One of pc, smartphone, mobilephone, appliance, crawler, misc, or unknown.</param>
internal sealed partial record UserAgent(string? Name, string? Version, string? Vendor, string? Os, string? OsVersion, string? Category)
{
    private const string Unknown = "UNKNOWN";
    private const int LongestText = 2000;

    private static readonly Dictionary<string, string> WindowsNames = new(StringComparer.Ordinal)
    {
        ["10.0"] = "Windows 10",
        ["6.3"] = "Windows 8.1",
        ["6.2"] = "Windows 8",
        ["6.1"] = "Windows 7",
        ["6.0"] = "Windows Vista",
        ["5.1"] = "Windows XP",
        ["5.0"] = "Windows 2000",
    };

    // In the order in which they hide behind each other: Edge says Chrome, Chrome says Safari.
    private static readonly (string Word, string Name, string Vendor)[] Browsers =
    [
        ("Edg/", "Edge", "Microsoft"), ("EdgiOS/", "Edge", "Microsoft"), ("EdgA/", "Edge", "Microsoft"), ("Edge/", "Edge", "Microsoft"),
        ("OPR/", "Opera", "Opera"), ("Opera/", "Opera", "Opera"), ("SamsungBrowser/", "SamsungBrowser", "Samsung"), ("YaBrowser/", "Yandex Browser", "Yandex"),
        ("CriOS/", "Chrome", "Google"), ("Chrome/", "Chrome", "Google"), ("FxiOS/", "Firefox", "Mozilla"), ("Firefox/", "Firefox", "Mozilla"),
        ("MSIE ", "Internet Explorer", "Microsoft"), ("Trident/", "Internet Explorer", "Microsoft"), ("Version/", "Safari", "Apple"),
    ];

    private static readonly (string Word, string Name, string Vendor)[] Crawlers =
    [
        ("Googlebot-Mobile", "Googlebot Mobile", "Google"), ("Googlebot", "Googlebot", "Google"), ("Mediapartners-Google", "Google Mediapartners", "Google"),
        ("bingbot", "bingbot", "Microsoft"), ("msnbot", "msnbot", "Microsoft"), ("Yahoo! Slurp", "Yahoo! Slurp", "Yahoo!"), ("Y!J-", "Yahoo! Japan", "Yahoo!"),
        ("Baiduspider", "Baiduspider", "Baidu"), ("YandexBot", "YandexBot", "Yandex"), ("Twitterbot", "twitter", "Twitter"),
        ("facebookexternalhit", "facebook", "Facebook"), ("Applebot", "Applebot", "Apple"), ("AhrefsBot", "AhrefsBot", "Ahrefs"),
    ];

    private static readonly (string Word, string? Os, string? Category)[] Systems =
    [
        ("Android", "Android", "smartphone"), ("CrOS", "ChromeOS", "pc"), ("PlayStation", "Game console", "appliance"), ("Nintendo", "Game console", "appliance"),
        ("DoCoMo", "feature phone", "mobilephone"), ("KDDI-", "feature phone", "mobilephone"), ("Linux", "Linux", "pc"), ("X11", "Linux", "pc"),
    ];

    /// <summary>Reads a header.</summary>
    public static UserAgent Of(string? header)
    {
        var text = header is null ? string.Empty : header.Length > LongestText ? header[..LongestText] : header;
        if (text.Length == 0 || text == "-")
        {
            return new UserAgent(null, null, null, null, null, null);
        }

        if (Array.Find(Crawlers, c => text.Contains(c.Word, StringComparison.OrdinalIgnoreCase)) is { Word: not null } crawler)
        {
            return new UserAgent(crawler.Name, null, crawler.Vendor, null, null, "crawler");
        }

        if (CrawlerWords().IsMatch(text))
        {
            return new UserAgent("misc crawler", null, null, null, null, "crawler");
        }

        var (os, osVersion, category) = SystemOf(text);
        var (name, vendor, version) = BrowserOf(text);
        return new UserAgent(name, version, vendor, os, osVersion, category);
    }

    /// <summary>The classification as JSON, as <c>TD_PARSE_AGENT</c> gives it; what is unknown is the text <c>UNKNOWN</c>.</summary>
    public string ToAgentJson() => ConfigJson.Write(ConfigMap.Of(
        ("os", Os ?? Unknown),
        ("vendor", Vendor ?? Unknown),
        ("os_version", OsVersion ?? Unknown),
        ("name", Name ?? Unknown),
        ("category", Category ?? Unknown),
        ("version", Version ?? Unknown)));

    /// <summary>One part as <c>TD_PARSE_USER_AGENT</c> gives it.</summary>
    /// <param name="option">The part; all as JSON when null.</param>
    /// <exception cref="SqlFunctionException">There is no such part.</exception>
    public string ToPart(string? option)
    {
        var browser = Parts(Name == "Internet Explorer" ? "IE" : Name, Version);
        var system = Parts(Os, Os?.StartsWith("Windows", StringComparison.Ordinal) == true ? null : OsVersion);
        return option?.ToLowerInvariant() switch
        {
            null => ConfigJson.Write(ConfigMap.Of(("user_agent", Json(browser)), ("os", Json(system).With("patch_minor", string.Empty)), ("device", Device))),
            "ua" => ConfigJson.Write(Json(browser)),
            "ua_family" => browser.Family,
            "ua_major" => browser.Major,
            "ua_minor" => browser.Minor,
            "os" => ConfigJson.Write(Json(system).With("patch_minor", string.Empty)),
            "os_family" => system.Family,
            "os_major" => system.Major,
            "os_minor" => system.Minor,
            "device" => ConfigJson.Write(Device),
            var other => throw new SqlFunctionException($"Unknown option of TD_PARSE_USER_AGENT: {other}"),
        };
    }

    private ConfigMap Device => ConfigMap.Of(("family", Os is "iPhone" or "iPad" ? Os : Category == "crawler" ? "Spider" : "Other"));

    private static (string Family, string Major, string Minor, string Patch) Parts(string? family, string? version)
    {
        var numbers = (version ?? string.Empty).Split('.', '_');
        return (family ?? "Other", Part(0), Part(1), Part(2));

        string Part(int index) => index < numbers.Length ? numbers[index] : string.Empty;
    }

    private static ConfigMap Json((string Family, string Major, string Minor, string Patch) parts) =>
        ConfigMap.Of(("family", parts.Family), ("major", parts.Major), ("minor", parts.Minor), ("patch", parts.Patch));

    private static (string? Os, string? Version, string? Category) SystemOf(string text)
    {
        if (Windows().Match(text) is { Success: true } windows)
        {
            var version = windows.Groups[1].Value;
            return (WindowsNames.GetValueOrDefault(version, "Windows UNKNOWN Ver"), "NT " + version, "pc");
        }

        foreach (var device in (string[])["iPhone", "iPad", "iPod"])
        {
            if (text.Contains(device + ";", StringComparison.Ordinal) || text.Contains(device + " ", StringComparison.Ordinal))
            {
                return (device, Group(IosVersion().Match(text))?.Replace('_', '.'), "smartphone");
            }
        }

        if (AndroidVersion().Match(text) is { Success: true } android)
        {
            return ("Android", Group(android), "smartphone");
        }

        if (MacVersion().Match(text) is { Success: true } mac)
        {
            return ("Mac OSX", Group(mac)?.Replace('_', '.'), "pc");
        }

        var known = Array.Find(Systems, s => text.Contains(s.Word, StringComparison.Ordinal));
        return (known.Os, null, known.Category);
    }

    private static (string? Name, string? Vendor, string? Version) BrowserOf(string text)
    {
        foreach (var (word, name, vendor) in Browsers)
        {
            var at = text.IndexOf(word, StringComparison.Ordinal);
            if (at < 0 || (word == "Version/" && !text.Contains("Safari", StringComparison.Ordinal)))
            {
                continue;
            }

            var version = word == "Trident/" ? Group(TridentVersion().Match(text)) : Number(text, at + word.Length);
            return ((string?)name, (string?)vendor, version);
        }

        return (null, null, null);
    }

    private static string? Group(Match match) => match.Success ? match.Groups[1].Value : null;

    private static string? Number(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        return end > start ? text[start..end].TrimEnd('.').ToString(CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("bot|crawler|spider|slurp", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CrawlerWords();

    [GeneratedRegex("Windows NT ([0-9]+[.][0-9]+)")]
    private static partial Regex Windows();

    [GeneratedRegex("OS ([0-9_]+) like Mac")]
    private static partial Regex IosVersion();

    [GeneratedRegex("Android ([0-9.]+)")]
    private static partial Regex AndroidVersion();

    [GeneratedRegex("Mac OS X ([0-9_.]+)")]
    private static partial Regex MacVersion();

    [GeneratedRegex("rv:([0-9.]+)")]
    private static partial Regex TridentVersion();
}
