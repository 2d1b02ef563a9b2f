using System.Globalization;
using System.Text;

namespace WfRunner.EndToEnd.Support;

/// <summary>The result of the sample's queries, computed from its CSV files without any SQL engine.</summary>
internal static class SampleTruth
{
    private const long Start = 1481155200; // 2016-12-08 00:00:00 UTC, inclusive
    private const long End = 1481158800; // 2016-12-08 01:00:00 UTC, exclusive

    /// <summary>Rows as text, sorted: created_by, distinct ips, distinct users, rows.</summary>
    public static IReadOnlyList<string> Of(string csvPath)
    {
        var rows = Parse(File.ReadAllText(csvPath)).ToList();
        var header = rows[0].ToList();
        var groups = rows.Skip(1)
            .Where(r => long.Parse(r[header.IndexOf("time")]!, CultureInfo.InvariantCulture) is >= Start and < End)
            .GroupBy(r => r[header.IndexOf("created_by")] ?? "NULL");
        return
        [
            .. groups.Select(g => string.Create(
                CultureInfo.InvariantCulture,
                $"{g.Key}|{Distinct(g, header.IndexOf("ip"))}|{Distinct(g, header.IndexOf("user"))}|{g.Count()}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static int Distinct(IEnumerable<IReadOnlyList<string?>> rows, int column) =>
        rows.Select(r => r[column]).Where(v => v is not null).Distinct().Count();

    // An empty field without quotation marks is null.
    private static IEnumerable<IReadOnlyList<string?>> Parse(string text)
    {
        var row = new List<string?>();
        var field = new StringBuilder();
        var quoted = false;
        var wasQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(c);
                }
            }
            else if (c == '"')
            {
                quoted = wasQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(field.Length == 0 && !wasQuoted ? null : field.ToString());
                field.Clear();
                wasQuoted = false;
                if (c == '\n')
                {
                    yield return row;
                    row = [];
                }
            }
            else
            {
                field.Append(c);
            }
        }
    }
}
