using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Local.Querying;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Operators.TreasureData;
using WfRunner.Query;
using WfRunner.Runtime.Local;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf sql</c>: shows a query as a backend would get it, or runs it and writes its rows.</summary>
internal sealed class SqlCommand : ICommand
{
    private static readonly OptionSyntax Backend = OptionSyntax.Value("NAME", "the engine (default: duckdb)", "--backend");
    private static readonly OptionSyntax Engine = OptionSyntax.Value("NAME", "dialect of the query: presto (default) or hive", "--engine");
    private static readonly OptionSyntax Database = OptionSyntax.Value("NAME", "database of tables named without one", "--database");
    private static readonly OptionSyntax CreateTable = OptionSyntax.Value("TABLE", "as with create_table of td>", "--create-table");
    private static readonly OptionSyntax InsertInto = OptionSyntax.Value("TABLE", "as with insert_into of td>", "--insert-into");

    private static readonly OptionSyntax Run = OptionSyntax.Flag("runs the query and writes its rows", "--run");
    private static readonly OptionSyntax Json = OptionSyntax.Flag("runs it; rows as a JSON array of objects", "--json");
    private static readonly OptionSyntax JsonLines = OptionSyntax.Flag("runs it; a JSON object a line", "--jsonl");
    private static readonly OptionSyntax Csv = OptionSyntax.Flag("runs it; rows as CSV: an empty field is NULL", "--csv");
    private static readonly OptionSyntax Tsv = OptionSyntax.Flag("runs it; rows between tabs: \\N is NULL", "--tsv");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "sql",
        Group = CommandGroup.Local,
        Arguments = "[query.sql] [options...]",
        Summary = "show a query, of a file or standard input, as a backend gets it, or run it",
        Options = [ProjectOption.Project, Backend, Engine, Database, CreateTable, InsertInto, Run, Json, JsonLines, Csv, Tsv],
        MinimumArguments = 0,
        MaximumArguments = 1,
        Examples = ["sql queries/report.sql", "sql --create-table summary --database test < query.sql", "sql query.sql --database test --csv > rows.csv"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var name = arguments.Value(Backend) ?? "duckdb";
        var all = QueryBackends.All();
        var backend = all.FirstOrDefault(b => b.Name == name)
            ?? throw new UsageException($"--backend must be one of {string.Join(", ", all.Select(b => b.Name).Order(StringComparer.Ordinal))}");
        var query = await ReadAsync(arguments.Positional.FirstOrDefault(), context, cancellationToken).ConfigureAwait(false);
        var target = Target(arguments);
        var engine = EngineOf(arguments);
        var request = Request(query, arguments, context, target, engine);
        if (FormatOf(arguments) is { } format)
        {
            await RunAsync(backend, request, new RowWriter(context.Out, format), cancellationToken).ConfigureAwait(false);
            await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }

        foreach (var statement in backend.Explain(request))
        {
            await context.Out.WriteLineAsync(statement.Trim().TrimEnd(';') + ";").ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task RunAsync(IQueryBackend backend, QueryRequest request, RowWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            var job = await backend.SubmitAsync(request, cancellationToken).ConfigureAwait(false);
            await using (job.ConfigureAwait(false))
            {
                await WriteRowsAsync(job, writer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (QueryFailedException e) when (e is { Line: { } line, Column: { } column })
        {
            throw new QueryFailedException(FormattableString.Invariant($"{e.Message} (line {line}, column {column})"), null, line, column);
        }
    }

    private static async Task WriteRowsAsync(IQueryJob job, RowWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            var result = await job.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (result.HasRows)
            {
                await writer.WriteAsync(result.Columns, job.ReadRowsAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for the rows any more: the engine need not go on.
            await job.CancelAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static RowFormat? FormatOf(ParsedArguments arguments)
    {
        var chosen = ((OptionSyntax Option, RowFormat Format)[])
            [(Json, RowFormat.Json), (JsonLines, RowFormat.JsonLines), (Csv, RowFormat.Csv), (Tsv, RowFormat.Tsv)];
        return chosen.Where(f => arguments.Has(f.Option)).Select(f => f.Format).ToList() switch
        {
            [] => arguments.Has(Run) ? RowFormat.Table : null,
            [var one] => one,
            _ => throw new UsageException("--json, --jsonl, --csv and --tsv don't work together"),
        };
    }

    private static QueryRequest Request(string query, ParsedArguments arguments, CommandContext context, QueryTarget? target, QueryEngine engine) => new()
    {
        ProjectDirectory = ProjectOption.DirectoryOf(arguments, context),
        LocalDirectory = Path.Combine(ProjectOption.DirectoryOf(arguments, context), ".digdag", "local"),
        Settings = new BackendSettings(ConfigMap.Empty, new LocalSecrets(context.SystemConfig, context.ConfigHome), context.SystemConfig),
        Database = arguments.Value(Database) ?? "database",
        Engine = engine,
        Statement = TdStatement.Insert(TdStatement.Command(target, engine), query),
        Query = TdStatement.WithoutMarker(query),
        Target = target,
        ScheduledTime = Instant.FromUnixTimeSeconds(context.Clock.GetCurrentInstant().ToUnixTimeSeconds()),
        Warn = text => context.Log.WriteMain(Core.Operators.TaskLogLevel.Warn, text),
    };

    private static async Task<string> ReadAsync(string? file, CommandContext context, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            using var input = new StreamReader(context.In);
            return await input.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }

        var path = Path.GetFullPath(file, context.CurrentDirectory);
        return File.Exists(path)
            ? await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)
            : throw new WorkflowException(FailureKind.NoSuchFile, $"File not found: {path}");
    }

    private static QueryTarget? Target(ParsedArguments arguments)
    {
        var create = arguments.Value(CreateTable);
        var insert = arguments.Value(InsertInto);
        return (create, insert) switch
        {
            (not null, not null) => throw new UsageException("--create-table and --insert-into don't work together"),
            (not null, _) => new QueryTarget(TableName.Parse(create), QueryTargetMode.Replace),
            (_, not null) => new QueryTarget(TableName.Parse(insert), QueryTargetMode.Append),
            _ => null,
        };
    }

    private static QueryEngine EngineOf(ParsedArguments arguments) => arguments.Value(Engine) switch
    {
        null or "presto" or "trino" => QueryEngine.Presto,
        "hive" => QueryEngine.Hive,
        var other => throw new UsageException($"--engine must be presto or hive, but is {other}"),
    };
}
