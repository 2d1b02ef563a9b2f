using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>Turns DuckDB's messages into one line with the place in the user's query.</summary>
internal static partial class DuckDbError
{
    /// <summary>The failure for a message.</summary>
    /// <param name="e">What DuckDB threw.</param>
    /// <param name="linesBefore">Lines that stand before the user's query in what was run.</param>
    public static QueryFailedException Translate(DuckDBException e, int linesBefore)
    {
        var text = FirstLine(e.Message);
        var place = PlacePattern().Match(e.Message);
        if (!place.Success)
        {
            return new QueryFailedException("Local SQL error: " + text, e);
        }

        var line = int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture) - linesBefore;
        var column = place.Groups["indent"].Length - place.Groups["head"].Length + 1;
        return line >= 1 && column >= 1
            ? new QueryFailedException("Local SQL error: " + text, e, line, column)
            : new QueryFailedException("Local SQL error: " + text, e);
    }

    public static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }

    [GeneratedRegex(@"^(?<head>LINE (?<line>\d+): ).*\n(?<indent> *)\^", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PlacePattern();
}
