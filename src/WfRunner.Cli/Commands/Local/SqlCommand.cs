using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Operators.TreasureData;
using WfRunner.Query;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf sql</c>: shows a query as a backend would get it, without running it.</summary>
internal sealed class SqlCommand : ICommand
{
    private static readonly OptionSyntax Backend = OptionSyntax.Value("NAME", "the engine (default: duckdb)", "--backend");
    private static readonly OptionSyntax Engine = OptionSyntax.Value("NAME", "dialect of the query: presto (default) or hive", "--engine");
    private static readonly OptionSyntax Database = OptionSyntax.Value("NAME", "database of tables named without one", "--database");
    private static readonly OptionSyntax CreateTable = OptionSyntax.Value("TABLE", "as with create_table of td>", "--create-table");
    private static readonly OptionSyntax InsertInto = OptionSyntax.Value("TABLE", "as with insert_into of td>", "--insert-into");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "sql",
        Group = CommandGroup.Local,
        Arguments = "[query.sql] [options...]",
        Summary = "show a query, of a file or standard input, as a backend gets it",
        Options = [Backend, Engine, Database, CreateTable, InsertInto],
        MinimumArguments = 0,
        MaximumArguments = 1,
        Examples = ["sql queries/report.sql", "sql --create-table summary --database test < query.sql"],
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
        foreach (var statement in backend.Explain(Request(query, arguments, context, target, engine)))
        {
            await context.Out.WriteLineAsync(statement.Trim().TrimEnd(';') + ";").ConfigureAwait(false);
        }

        return 0;
    }

    private static QueryRequest Request(string query, ParsedArguments arguments, CommandContext context, QueryTarget? target, QueryEngine engine) => new()
    {
        ProjectDirectory = context.CurrentDirectory,
        LocalDirectory = Path.Combine(context.CurrentDirectory, ".digdag", "local"),
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
