using System.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Rendering;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client.Listing;

/// <summary>
/// Writes lists in the form that the options ask for, to standard output or into a file. JSON is the server's own, in its order,
/// with keys that this program does not know; text is Digdag's.
/// </summary>
internal static class ListOutput
{
    public static readonly OptionSyntax Json = OptionSyntax.Flag("write one JSON array", "--json");
    public static readonly OptionSyntax JsonLines = OptionSyntax.Flag("write one JSON object a line", "--jsonl");
    public static readonly OptionSyntax Tsv = OptionSyntax.Flag("write tab-separated values with a header line", "--tsv");
    public static readonly OptionSyntax Table = OptionSyntax.Flag("write a table", "--table");
    public static readonly OptionSyntax File = OptionSyntax.Value("FILE", "write the list into this file", "--output");

    private const string ColumnGap = "  ";

    /// <summary>The options of every list.</summary>
    public static IReadOnlyList<OptionSyntax> Options { get; } = [Json, JsonLines, Tsv, Table, File];

    /// <summary>The form that the options ask for.</summary>
    /// <exception cref="CommandLineException">They ask for several.</exception>
    public static ListFormat FormatOf(ParsedArguments arguments)
    {
        (OptionSyntax Option, ListFormat Format)[] forms =
            [(Json, ListFormat.Json), (JsonLines, ListFormat.JsonLines), (Tsv, ListFormat.Tsv), (Table, ListFormat.Table)];
        var given = forms.Where(f => arguments.Has(f.Option)).ToList();
        return given.Count switch
        {
            0 => ListFormat.Text,
            1 => given[0].Format,
            _ => throw new CommandLineException($"{string.Join(" and ", given.Select(g => g.Option.Name))} can't be set together"),
        };
    }

    /// <summary>Writes a list.</summary>
    /// <param name="call">Options and streams.</param>
    /// <param name="rows">The server's objects in its order.</param>
    /// <param name="columns">The columns of tables and tab-separated values.</param>
    /// <param name="text">Digdag's text; hints on standard error belong into it.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(
        ClientCall call, IReadOnlyList<ConfigMap> rows, IReadOnlyList<ListColumn> columns, Func<TextWriter, Task> text, CancellationToken cancellationToken)
    {
        var format = FormatOf(call.Arguments);
        await IntoAsync(call, WriteAsync, cancellationToken).ConfigureAwait(false);

        Task WriteAsync(TextWriter writer) => format switch
        {
            ListFormat.Json => writer.WriteAsync(rows.Count == 0 ? "[]\n" : "[\n" + string.Join(",\n", rows.Select(ConfigJson.Write)) + "\n]\n"),
            ListFormat.JsonLines => writer.WriteAsync(string.Concat(rows.Select(r => ConfigJson.Write(r) + "\n"))),
            ListFormat.Tsv => writer.WriteAsync(AsTsv(rows, columns)),
            ListFormat.Table => writer.WriteAsync(AsTable(rows, columns)),
            _ => text(writer),
        };
    }

    /// <summary>Writes one object: <c>--json</c> gives the object itself rather than an array.</summary>
    /// <param name="call">Options and streams.</param>
    /// <param name="row">The server's object.</param>
    /// <param name="columns">The columns of tables and tab-separated values.</param>
    /// <param name="text">Digdag's text.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static Task WriteOneAsync(
        ClientCall call, ConfigMap row, IReadOnlyList<ListColumn> columns, Func<TextWriter, Task> text, CancellationToken cancellationToken) =>
        FormatOf(call.Arguments) == ListFormat.Json
            ? IntoAsync(call, writer => writer.WriteAsync(ConfigJson.Write(row) + "\n"), cancellationToken)
            : WriteAsync(call, [row], columns, text, cancellationToken);

    // A file is written aside first: whoever sees it sees all of it.
    private static async Task IntoAsync(ClientCall call, Func<TextWriter, Task> write, CancellationToken cancellationToken)
    {
        if (call.Arguments.Value(File) is not { } file)
        {
            await write(call.Out).ConfigureAwait(false);
            return;
        }

        var path = Path.GetFullPath(file, call.Context.CurrentDirectory);
        var aside = path + ".part";
        var writer = new StreamWriter(aside, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        await using (writer.ConfigureAwait(false))
        {
            await write(writer).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        System.IO.File.Move(aside, path, overwrite: true);
    }

    private static string AsTsv(IReadOnlyList<ConfigMap> rows, IReadOnlyList<ListColumn> columns)
    {
        var text = new StringBuilder().AppendJoin('\t', columns.Select(c => c.Title)).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin('\t', columns.Select(c => Escaped(c.ValueIn(row)))).Append('\n');
        }

        return text.ToString();
    }

    private static string AsTable(IReadOnlyList<ConfigMap> rows, IReadOnlyList<ListColumn> columns)
    {
        var cells = rows.Select(r => columns.Select(c => Escaped(c.ValueIn(r))).ToArray()).Prepend([.. columns.Select(c => c.Title.ToUpperInvariant())]).ToList();
        var widths = columns.Select((_, i) => cells.Max(r => TerminalText.Width(r[i]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in cells)
        {
            text.Append(string.Join(ColumnGap, row.Select((cell, i) => TerminalText.Fit(cell, widths[i]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    // Lines and cells stay what they are, and nothing can move the cursor of a terminal.
    private static string Escaped(string text)
    {
        if (!text.Any(c => char.IsControl(c) || c == '\\'))
        {
            return text;
        }

        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => escaped.Append("\\\\"),
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                _ when char.IsControl(c) => escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
