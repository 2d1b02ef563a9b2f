using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Query;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf data</c>: looks into the local databases that <c>td&gt;</c> works on without an account, and moves data in and out.</summary>
internal sealed class DataCommand : ICommand
{
    private static readonly OptionSyntax Database = OptionSyntax.Value("NAME", "database of tables named without one", "--database");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "data",
        Group = CommandGroup.Local,
        Arguments = "<list | import FILE TABLE | export TABLE FILE> [options...]",
        Summary = "show, import and export tables of local databases",
        Options = [ProjectOption.Project, Database],
        MinimumArguments = 1,
        MaximumArguments = 3,
        Examples = ["data list", "data import access.csv test.access_log", "data export test.summary summary.parquet"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var directory = ProjectOption.DirectoryOf(arguments, context);
        var data = new LocalData(new QueryScope
        {
            ProjectDirectory = directory,
            LocalDirectory = Path.Combine(directory, ".digdag", "local"),
            Database = arguments.Value(Database) ?? string.Empty,
        });
        switch (arguments.Positional)
        {
            case ["list"]:
                await ListAsync(data, context, cancellationToken).ConfigureAwait(false);
                return 0;
            case ["import", var file, var table]:
                var imported = await data.ImportAsync(
                    Path.GetFullPath(file, context.CurrentDirectory), Table(table, arguments), cancellationToken).ConfigureAwait(false);
                await context.Out.WriteLineAsync(Done("Imported", imported, file, table)).ConfigureAwait(false);
                return 0;
            case ["export", var table, var file]:
                var exported = await data.ExportAsync(
                    Table(table, arguments), Path.GetFullPath(file, context.CurrentDirectory), cancellationToken).ConfigureAwait(false);
                await context.Out.WriteLineAsync(Done("Exported", exported, table, file)).ConfigureAwait(false);
                return 0;
            default:
                throw new UsageException("data takes: list, import FILE TABLE, or export TABLE FILE");
        }
    }

    private static string Done(string what, long rows, string from, string to) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {rows} {(rows == 1 ? "row" : "rows")} from {from} to {to}");

    private static TableName Table(string text, ParsedArguments arguments)
    {
        var table = TableName.Parse(text);
        return table.Database is null && arguments.Value(Database) is null
            ? throw new UsageException($"Name the database of {text}: database.{text}, or --database NAME")
            : table;
    }

    private static async Task ListAsync(LocalData data, CommandContext context, CancellationToken cancellationToken)
    {
        foreach (var table in await data.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{table.Name}  {table.Rows} {(table.Rows == 1 ? "row" : "rows")}  {string.Join(", ", table.Columns)}");
            await context.Out.WriteLineAsync(line).ConfigureAwait(false);
        }
    }
}
