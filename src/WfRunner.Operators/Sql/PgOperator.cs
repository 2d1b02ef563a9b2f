using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary><c>pg&gt;</c>: runs a query or a script on PostgreSQL. Digdag behaviour: operators-core 10.</summary>
public sealed class PgOperator : IOperator
{
    private const string QueryIdKey = "queryId";
    private const string PollIntervalKey = "pollInterval";
    private const int LongestPollSeconds = 1200;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "pg",
        "Runs a query or a script on PostgreSQL.",
        new OperatorParameter("_command", ParameterType.File, "Template file of the query, or an object with the query under data.") { IsTemplate = true },
        [
            new OperatorParameter("query", ParameterType.Text, "The query itself, when no file is named."),
            new OperatorParameter("host", ParameterType.Text, "Server; required unless the secret pg.host is set."),
            new OperatorParameter("port", ParameterType.Integer, "Port of the server (default: 5432); the secret pg.port wins."),
            new OperatorParameter("user", ParameterType.Text, "Who connects; required unless the secret pg.user is set."),
            new OperatorParameter("password_override", ParameterType.Text, "Name N: the password is the secret pg.N instead of pg.password."),
            new OperatorParameter("database", ParameterType.Text, "Database; required unless the secret pg.database is set."),
            new OperatorParameter("schema", ParameterType.Text, "Search path."),
            new OperatorParameter("ssl", ParameterType.Boolean, "TLS, without a check of the certificate."),
            new OperatorParameter("sslmode", ParameterType.Text, "disable, allow, prefer, require, verify-ca or verify-full; wins over ssl."),
            new OperatorParameter("sslrootcert", ParameterType.Text, "File of certificates to check the server's against."),
            new OperatorParameter("connect_timeout", ParameterType.Text, "How long connecting may take (default: 30s)."),
            new OperatorParameter("socket_timeout", ParameterType.Text, "How long the server may be silent (default: 1800s)."),
            new OperatorParameter("insert_into", ParameterType.Text, "Table that the result is appended to."),
            new OperatorParameter("create_table", ParameterType.Text, "Table that the result replaces."),
            new OperatorParameter("download_file", ParameterType.Text, "CSV file that the result is written to."),
            new OperatorParameter("store_last_results", ParameterType.Any, "Stores as pg.last_results: false, first or all rows."),
            new OperatorParameter("strict_transaction", ParameterType.Boolean, "Does the statement exactly once, by means of a status table (default: true)."),
            new OperatorParameter("status_table", ParameterType.Text, "Name of the status table (default: __digdag_status)."),
            new OperatorParameter("status_table_schema", ParameterType.Text, "Schema of the status table."),
            new OperatorParameter("status_table_cleanup", ParameterType.Text, "How long the status table remembers (default: 24h)."),
        ])
    {
        Stores = ["pg"],
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var parameters = request.Config.MergeDefault(request.Config.GetMapOrEmpty("pg"));
        var query = await CommandText.ReadAsync(request, parameters, "query", context, cancellationToken).ConfigureAwait(false);
        var options = SqlTaskOptions.Of(parameters);
        var settings = PgSettings.Of(parameters, context.Secrets);
        var download = options.DownloadFile is { } file ? Workspace.Of(request, context).PathOf(file) : null;

        // The identity of the work must be saved before the work can begin.
        if (!options.IsReading && !request.StateParams.Has(QueryIdKey))
        {
            return new OperatorOutcome.Polling(Duration.Zero, request.StateParams.With(QueryIdKey, Guid.NewGuid().ToString()));
        }

        var session = await PgSession.OpenAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return options.IsReading
                ? await ReadAsync(new PgReading(session, query), options, download, context, cancellationToken).ConfigureAwait(false)
                : await WriteAsync(session, StatementOf(query, options), options, request, context, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string StatementOf(string query, SqlTaskOptions options) => options switch
    {
        { InsertInto: { } table } => $"INSERT INTO {table}\n{query}",
        { CreateTable: { } table } => $"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} AS \n{query}",
        _ => query,
    };

    private static async Task<OperatorOutcome> ReadAsync(
        PgReading reading, SqlTaskOptions options, string? download, IOperatorContext context, CancellationToken cancellationToken)
    {
        if (download is not null)
        {
            await reading.DownloadAsync(download, cancellationToken).ConfigureAwait(false);
            return OperatorOutcome.Done;
        }

        var limits = ResultLimits.Of(context.SystemConfig, "pg");
        var rows = await reading.StoreAsync(options.StoredRows, limits, cancellationToken).ConfigureAwait(false);
        return new OperatorOutcome.Succeeded(new TaskResult
        {
            ResetStoreParams = ["pg.last_results"],
            StoreParams = ConfigMap.Of(("pg", ConfigMap.Of(("last_results", rows)))),
        });
    }

    private static async Task<OperatorOutcome> WriteAsync(
        PgSession session,
        string statement,
        SqlTaskOptions options,
        OperatorRequest request,
        IOperatorContext context,
        CancellationToken cancellationToken)
    {
        if (!options.IsStrict)
        {
            await session.ExecuteAsync(statement, "Failed to execute given SQL script", cancellationToken).ConfigureAwait(false);
            return OperatorOutcome.Done;
        }

        var status = new PgStatusTable(session, options.StatusTable, context.Log);
        await status.PrepareAsync(cancellationToken).ConfigureAwait(false);
        if (!await status.TryRunOnceAsync(request.StateParams.GetString(QueryIdKey), statement, cancellationToken).ConfigureAwait(false))
        {
            var pause = Math.Min(LongestPollSeconds, request.StateParams.GetInt64OrNull(PollIntervalKey) ?? 1);
            return new OperatorOutcome.Polling(
                Duration.FromSeconds(pause), request.StateParams.With(PollIntervalKey, Math.Min(LongestPollSeconds, pause * 2)));
        }

        await status.CleanUpAsync(options.StatusTableKept, cancellationToken).ConfigureAwait(false);
        return OperatorOutcome.Done;
    }
}
