using System.Globalization;
using System.Text;
using NodaTime;

namespace WfRunner.Cli.Rendering;

/// <summary>Texts as they take room on a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Columns that a text takes.</summary>
    /// <param name="text">The text.</param>
    public static int Width(string text) => text.EnumerateRunes().Sum(r => Math.Max(0, Wcwidth.UnicodeCalculator.GetWidth(r)));

    /// <summary>A text of exactly some columns: filled up, or cut with an ellipsis. Control characters are left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">The columns.</param>
    public static string Fit(string text, int columns)
    {
        var shown = Cut(text, columns);
        return shown + new string(' ', Math.Max(0, columns - Width(shown)));
    }

    /// <summary>A text of at most some columns.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">The columns.</param>
    public static string Cut(string text, int columns)
    {
        var builder = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                continue;
            }

            var width = Math.Max(0, Wcwidth.UnicodeCalculator.GetWidth(rune));
            if (used + width > columns - 1 && Width(text) > columns)
            {
                return builder.Append('…').ToString();
            }

            used += width;
            builder.Append(rune.ToString());
        }

        return builder.ToString();
    }

    /// <summary>A duration for people: <c>0.4s</c>, <c>12s</c>, <c>3m 05s</c>, <c>1h 02m</c>.</summary>
    /// <param name="time">The duration.</param>
    public static string Time(Duration time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m {time.Seconds:00}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h {time.Minutes:00}m"),
    };

    /// <summary>A text in a colour.</summary>
    /// <param name="text">The text.</param>
    /// <param name="color">Number of the colour, or of another attribute.</param>
    /// <param name="colored">Whether colours are wanted.</param>
    public static string Painted(string text, string color, bool colored) => colored ? $"\u001b[{color}m{text}\u001b[0m" : text;
}
