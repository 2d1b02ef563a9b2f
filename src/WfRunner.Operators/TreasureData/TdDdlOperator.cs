using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_ddl&gt;</c>: makes, drops, empties and renames. Digdag behaviour: operators-td 4; unlike there a single name counts as a list,
/// and no database is needed where every name carries its own.
/// </summary>
public sealed class TdDdlOperator : TdFamilyOperator
{
    private const string Done = "operation";
    private const string Retries = "retry";

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdDdlOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_ddl",
        "Makes, drops, empties and renames databases and tables.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            new OperatorParameter("create_databases", ParameterType.Any, "Databases to make: a list, or JSON text."),
            new OperatorParameter("empty_databases", ParameterType.Any, "Databases to drop and make anew."),
            new OperatorParameter("drop_databases", ParameterType.Any, "Databases to drop."),
            new OperatorParameter("create_tables", ParameterType.Any, "Tables to make."),
            new OperatorParameter("empty_tables", ParameterType.Any, "Tables to drop and make anew."),
            new OperatorParameter("drop_tables", ParameterType.Any, "Tables to drop."),
            new OperatorParameter("rename_tables", ParameterType.Any, "Objects of from and to; a table of the new name is replaced."),
            .. TdParameters.Connection,
        ]);

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var plan = Plan(task);
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        var catalog = await task.Backend.OpenCatalogAsync(task.Scope(plan.Database), cancellationToken).ConfigureAwait(false);
        await using (catalog.ConfigureAwait(false))
        {
            for (var i = (int)(task.State.GetInt64OrNull(Done) ?? 0); i < plan.Operations.Count; i++)
            {
                try
                {
                    await plan.Operations[i].RunAsync(catalog, cancellationToken).ConfigureAwait(false);
                    task.State = task.State.With(Done, (long)i + 1).Without(Retries);
                }
                catch (QueryServiceException e) when (!e.IsPermanent)
                {
                    var iteration = task.State.GetInt64OrNull(Retries) ?? 0;
                    var pause = PollIntervals.OfRetries(task.Context.SystemConfig).After(iteration);
                    task.Log.Warn(string.Create(
                        CultureInfo.InvariantCulture, $"DDL operation failed: retrying in {pause.TotalSeconds:0} seconds: {e.Message}"));
                    task.State = task.State.With(Retries, iteration + 1);
                    return task.Later(pause);
                }
            }
        }

        return OperatorOutcome.Done;
    }

    private protected override IReadOnlyList<string> Describe(TdTask task) => [.. Plan(task).Operations.Select(o => o.Line)];

    // First it is made sure that what is renamed exists; then databases, tables, new names.
    private static (string Database, List<(string Line, Func<IQueryCatalog, CancellationToken, Task> RunAsync)> Operations) Plan(TdTask task)
    {
        var options = task.Parameters;
        var dropDatabases = Names(options, "drop_databases").Concat(Names(options, "empty_databases")).ToList();
        var createDatabases = Names(options, "create_databases").Concat(Names(options, "empty_databases")).ToList();
        var dropTables = Tables(options, "drop_tables").Concat(Tables(options, "empty_tables")).ToList();
        var createTables = Tables(options, "create_tables").Concat(Tables(options, "empty_tables")).ToList();
        var renames = Items(options, "rename_tables").Select(Rename).ToList();
        var database = dropTables.Concat(createTables).Concat(renames.Select(r => r.From)).Any(t => t.Database is null)
            ? task.Database()
            : task.Context.Secrets.Find("td.database") ?? options.GetStringOrNull("database") ?? string.Empty;
        List<(string, Func<IQueryCatalog, CancellationToken, Task>)> operations =
        [
            .. renames.Select(r => ($"Making sure that {Full(r.From)} exists", Check(r.From))),
            .. dropDatabases.Select(d => Step(task, $"Deleting TD database {d}", (catalog, token) => catalog.DropDatabaseAsync(d, token))),
            .. createDatabases.Select(d => Step(task, $"Creating TD database {d}", (catalog, token) => catalog.CreateDatabaseAsync(d, token))),
            .. dropTables.Select(t => Step(task, $"Deleting TD table {Full(t)}", (catalog, token) => catalog.DropTableAsync(t, token))),
            .. createTables.Select(t => Step(task, $"Creating TD table {Full(t)}", (catalog, token) => catalog.CreateTableAsync(t, token))),
            .. renames.Select(r => Step(task, $"Renaming TD table {Full(r.From)} -> {r.To}", (catalog, token) => catalog.RenameTableAsync(r.From, r.To, token))),
        ];
        return (database, operations);

        string Full(TableName table) => $"{table.Database ?? database}.{table.Table}";

        Func<IQueryCatalog, CancellationToken, Task> Check(TableName table) => (catalog, token) => CheckAsync(catalog, table, token);

        async Task CheckAsync(IQueryCatalog catalog, TableName table, CancellationToken token)
        {
            if (!await catalog.TableExistsAsync(table, token).ConfigureAwait(false))
            {
                throw new ConfigException($"Renaming table {Full(table)} doesn't exist");
            }
        }
    }

    private static (string Line, Func<IQueryCatalog, CancellationToken, Task> RunAsync) Step(
        TdTask task, string line, Func<IQueryCatalog, CancellationToken, Task> run)
    {
        return (line, RunAsync);

        Task RunAsync(IQueryCatalog catalog, CancellationToken cancellationToken)
        {
            task.Log.Info(line);
            return run(catalog, cancellationToken);
        }
    }

    private static (TableName From, string To) Rename(ConfigValue item)
    {
        if (item is not ConfigMap map)
        {
            throw ConfigAccess.Mismatch("object of from and to", "rename_tables", item);
        }

        _ = map.GetString("from");
        var to = map.GetString("to");
        return to.Contains('.', StringComparison.Ordinal)
            ? throw new ConfigException("'to' option of rename_tables can't include database name", map.KeySpan("to"))
            : (TdOptions.Table("from", map["from"]!), to);
    }

    private static IEnumerable<string> Names(ConfigMap options, string key) => Items(options, key).Select(item => ConfigAccess.AsString(key, item));

    private static IEnumerable<TableName> Tables(ConfigMap options, string key) => Items(options, key).Select(item => TdOptions.Table(key, item));

    // A template yields text, so a list may come as JSON; a plain name is a list of one.
    private static IReadOnlyList<ConfigValue> Items(ConfigMap options, string key) => options[key] switch
    {
        null or ConfigNull => [],
        ConfigText { Value: var text } name when !text.TrimStart().StartsWith('[') => [name],
        _ => options.ParseList(key),
    };
}
