using System.Text.RegularExpressions;
using WfRunner.Core.Config;

namespace WfRunner.Query.Functions;

/// <summary>
/// What a browser says about itself, as far as the usual systems and browsers go: the minimum of operators-td 18.5 and 18.6. The
/// service knows many more.
/// </summary>
/// <param name="Os">The system's name.</param>
/// <param name="OsVersion">Its version.</param>
/// <param name="Name">The browser's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Vendor">Who makes the browser.</param>
/// <param name="Category"><c>pc</c>, <c>smartphone</c>, <c>crawler</c> or <c>UNKNOWN</c>.</param>
internal sealed partial record UserAgent(string Os, string OsVersion, string Name, string Version, string Vendor, string Category)
{
    private const string Unknown = "UNKNOWN";

    private static readonly (string Version, string Name)[] Windows =
    [
        ("10.0", "Windows 10"), ("6.3", "Windows 8.1"), ("6.2", "Windows 8"), ("6.1", "Windows 7"), ("6.0", "Windows Vista"), ("5.1", "Windows XP"),
    ];

    private static readonly (string Mark, string Name, string Vendor)[] Browsers =
    [
        ("Edg", "Edge", "Microsoft"), ("Edge", "Edge", "Microsoft"), ("OPR", "Opera", "Opera"), ("Firefox", "Firefox", "Mozilla"), ("FxiOS", "Firefox", "Mozilla"),
        ("CriOS", "Chrome", "Google"), ("Chrome", "Chrome", "Google"), ("MSIE", "Internet Explorer", "Microsoft"), ("Trident", "Internet Explorer", "Microsoft"),
        ("Version", "Safari", "Apple"),
    ];

    /// <summary>Reads a text; null and the unknown give what the service calls unknown.</summary>
    public static UserAgent Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text == "-")
        {
            return new(Unknown, Unknown, Unknown, Unknown, Unknown, Unknown);
        }

        if (Crawler().Match(text) is { Success: true } crawler)
        {
            return new(Unknown, Unknown, crawler.Value, Unknown, Unknown, "crawler");
        }

        var (os, version, category) = System(text);
        foreach (var (mark, name, vendor) in Browsers)
        {
            var found = Regex.Match(text, $@"\b{mark}[/ ]([\d.]+)", RegexOptions.CultureInvariant);
            if (found.Success && (mark != "Version" || text.Contains("Safari", StringComparison.Ordinal)))
            {
                return new(os, version, name, found.Groups[1].Value, vendor, category);
            }
        }

        return new(os, version, Unknown, Unknown, Unknown, category);
    }

    /// <summary>The members of <c>TD_PARSE_AGENT</c> as JSON.</summary>
    public string ToMapJson() => ConfigMap.Of(
        ("os", Os), ("vendor", Vendor), ("os_version", OsVersion), ("name", Name), ("category", Category), ("version", Version)).ToString();

    /// <summary>What <c>TD_PARSE_USER_AGENT</c> gives for an option; the empty option gives everything.</summary>
    public string Describe(string option)
    {
        var (uaMajor, uaMinor) = Numbers(Version);
        var (osMajor, osMinor) = Numbers(OsVersion);
        var ua = ConfigMap.Of(("family", Family(Name)), ("major", uaMajor), ("minor", uaMinor), ("patch", string.Empty));
        var os = ConfigMap.Of(("family", Family(Os)), ("major", osMajor), ("minor", osMinor), ("patch", string.Empty), ("patch_minor", string.Empty));
        var device = ConfigMap.Of(("family", Os is "iPhone" or "iPad" ? Os : "Other"));
        return option.ToLowerInvariant() switch
        {
            "ua_family" => Family(Name),
            "ua_major" => uaMajor,
            "ua_minor" => uaMinor,
            "os_family" => Family(Os),
            "os_major" => osMajor,
            "os_minor" => osMinor,
            "ua" => ua.ToString(),
            "os" => os.ToString(),
            "device" => device.ToString(),
            "" => ConfigMap.Of(("user_agent", ua), ("os", os), ("device", device)).ToString(),
            _ => throw new SqlFunctionException($"Invalid option of TD_PARSE_USER_AGENT: {option}"),
        };
    }

    // ua-parser has names of its own.
    private static string Family(string name) => name switch
    {
        Unknown => "Other",
        "Internet Explorer" => "IE",
        _ => name,
    };

    private static (string Major, string Minor) Numbers(string version)
    {
        var parts = Regex.Matches(version, @"\d+", RegexOptions.CultureInvariant);
        return (parts.Count > 0 ? parts[0].Value : string.Empty, parts.Count > 1 ? parts[1].Value : string.Empty);
    }

    private static (string Os, string Version, string Category) System(string text)
    {
        if (Regex.Match(text, @"Windows NT ([\d.]+)", RegexOptions.CultureInvariant) is { Success: true } windows)
        {
            var version = windows.Groups[1].Value;
            return (Windows.FirstOrDefault(w => w.Version == version).Name ?? "Windows UNKNOWN Ver", "NT " + version, "pc");
        }

        foreach (var (pattern, name, category) in ((string, string, string)[])
        [
            (@"iPhone(?:.*? OS ([\d_]+))?", "iPhone", "smartphone"), (@"iPad(?:.*? OS ([\d_]+))?", "iPad", "smartphone"),
            (@"Android(?: ([\d.]+))?", "Android", "smartphone"), (@"Mac OS X(?: ([\d_.]+))?", "Mac OSX", "pc"),
            (@"CrOS(?: \S+ ([\d.]+))?", "ChromeOS", "pc"), (@"Linux()", "Linux", "pc"),
        ])
        {
            if (Regex.Match(text, pattern, RegexOptions.CultureInvariant) is { Success: true } match)
            {
                var version = match.Groups[1].Value.Replace('_', '.');
                return (name, version.Length == 0 ? Unknown : version, category);
            }
        }

        return (Unknown, Unknown, Unknown);
    }

    [GeneratedRegex(@"[\w.-]*(?:bot|crawler|spider|slurp)[\w.-]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Crawler();
}
