using System.Text;
using WfRunner.Cli.Rendering;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Cli.Commands.Local.Querying;

/// <summary>Writes the rows of a query as they come. Lists, maps and rows are JSON in every form.</summary>
/// <param name="output">Where to.</param>
/// <param name="format">In which form.</param>
internal sealed class RowWriter(TextWriter output, RowFormat format)
{
    // The widths of a table are those of its first rows.
    private const int RowsMeasured = 1000;

    /// <summary>Writes all rows.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>How many there were.</returns>
    public Task<long> WriteAsync(
        IReadOnlyList<QueryColumn> columns, IAsyncEnumerable<IReadOnlyList<ConfigValue>> rows, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case RowFormat.Json:
                return JsonAsync(columns, rows, cancellationToken);
            case RowFormat.JsonLines:
                return LinesAsync(null, rows, row => Object(columns, row), cancellationToken);
            case RowFormat.Csv:
                return LinesAsync(string.Join(',', columns.Select(c => Quoted(c.Name))), rows, row => string.Join(',', row.Select(CsvField)), cancellationToken);
            case RowFormat.Tsv:
                return LinesAsync(string.Join('\t', columns.Select(c => Escaped(c.Name))), rows, row => string.Join('\t', row.Select(TsvField)), cancellationToken);
            default:
                return TableAsync(columns, rows, cancellationToken);
        }
    }

    private async Task<long> JsonAsync(
        IReadOnlyList<QueryColumn> columns, IAsyncEnumerable<IReadOnlyList<ConfigValue>> rows, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await output.WriteAsync((count++ == 0 ? "[\n" : ",\n") + Object(columns, row)).ConfigureAwait(false);
        }

        await output.WriteAsync(count == 0 ? "[]\n" : "\n]\n").ConfigureAwait(false);
        return count;
    }

    private async Task<long> LinesAsync(
        string? header, IAsyncEnumerable<IReadOnlyList<ConfigValue>> rows, Func<IReadOnlyList<ConfigValue>, string> line, CancellationToken cancellationToken)
    {
        if (header is not null)
        {
            await output.WriteAsync(header + "\n").ConfigureAwait(false);
        }

        var count = 0L;
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            count++;
            await output.WriteAsync(line(row) + "\n").ConfigureAwait(false);
        }

        return count;
    }

    private async Task<long> TableAsync(
        IReadOnlyList<QueryColumn> columns, IAsyncEnumerable<IReadOnlyList<ConfigValue>> rows, CancellationToken cancellationToken)
    {
        var count = 0L;
        var waiting = new List<string[]> { columns.Select(c => OneLine(c.Name)).ToArray() };
        int[]? widths = null;
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            count++;
            string[] cells = [.. row.Select(v => OneLine(v.IsNull ? "NULL" : Text(v)))];
            if (widths is not null)
            {
                await output.WriteAsync(Line(cells, widths)).ConfigureAwait(false);
                continue;
            }

            waiting.Add(cells);
            if (waiting.Count > RowsMeasured)
            {
                widths = await FlushAsync(waiting).ConfigureAwait(false);
            }
        }

        if (widths is null)
        {
            await FlushAsync(waiting).ConfigureAwait(false);
        }

        await output.WriteAsync(FormattableString.Invariant($"({count} {(count == 1 ? "row" : "rows")})\n")).ConfigureAwait(false);
        return count;
    }

    private async Task<int[]> FlushAsync(List<string[]> lines)
    {
        int[] widths = [.. lines[0].Select((_, i) => lines.Max(l => TerminalText.Width(l[i])))];
        await output.WriteAsync(Line(lines[0], widths) + string.Join("-+-", widths.Select(w => new string('-', w))) + "\n").ConfigureAwait(false);
        foreach (var line in lines.Skip(1))
        {
            await output.WriteAsync(Line(line, widths)).ConfigureAwait(false);
        }

        return widths;
    }

    private static string Line(string[] cells, int[] widths) => string.Join(
        " | ",
        cells.Select((c, i) => i == cells.Length - 1 ? c : c + new string(' ', Math.Max(0, widths[i] - TerminalText.Width(c))))) + "\n";

    private static string Object(IReadOnlyList<QueryColumn> columns, IReadOnlyList<ConfigValue> row)
    {
        var map = new ConfigMapBuilder();
        for (var i = 0; i < row.Count; i++)
        {
            map.Set(columns[i].Name, row[i]);
        }

        return ConfigJson.Write(map.Build());
    }

    private static string Text(ConfigValue value) => value is ConfigText text ? text.Value : ConfigJson.Write(value);

    private static string CsvField(ConfigValue value) => value switch
    {
        ConfigNull => string.Empty,
        ConfigText { Value: "" } => "\"\"",
        _ => Quoted(Text(value)),
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string TsvField(ConfigValue value) => value.IsNull ? "\\N" : Escaped(Text(value));

    private static string Escaped(string text) => text.AsSpan().IndexOfAny("\\\t\r\n") < 0 ? text
        : new StringBuilder(text).Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r").ToString();

    // What would move the cursor is shown as a blank.
    private static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
