using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace WfRunner.Core;

/// <summary>Durations as Digdag writes them: <c>[&lt;n&gt;d] [&lt;n&gt;h] [&lt;n&gt;m] [&lt;n&gt;s]</c>, at least one part, spaces and case free (engine 24).</summary>
public static partial class DurationText
{
    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text, for example <c>1h 30m</c>.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out Duration duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = Duration.Zero;
        var match = Pattern().Match(text);
        if (!match.Success || string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        duration = Part("d", 86400) + Part("h", 3600) + Part("m", 60) + Part("s", 1);
        return true;

        Duration Part(string group, long seconds) => match.Groups[group].Success
            ? Duration.FromSeconds(long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) * seconds)
            : Duration.Zero;
    }

    /// <summary>Reads a duration that has to be one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The duration.</returns>
    /// <exception cref="ConfigException">The text has another form.</exception>
    public static Duration Parse(string text) => TryParse(text, out var duration)
        ? duration
        : throw new ConfigException($"Invalid duration '{text}': write it as in \"1d 2h 30m 10s\"");

    [GeneratedRegex(
        @"^\s*(?:(?<d>\d{1,6})\s*d)?\s*(?:(?<h>\d{1,9})\s*h)?\s*(?:(?<m>\d{1,9})\s*m)?\s*(?:(?<s>\d{1,9})\s*s)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
