using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>The life of a task with a query: read the options, save an identity, connect, then read or write. Digdag behaviour: operators-core 10.</summary>
/// <param name="family">The kind of database.</param>
/// <param name="request">The task.</param>
/// <param name="context">The world.</param>
/// <param name="doOnce">Does the work of a strict transaction, once and only once.</param>
internal sealed class SqlTask(
    SqlFamily family, OperatorRequest request, IOperatorContext context, Func<PgSession, SqlStatement, Task<OperatorOutcome>> doOnce)
{
    private const string QueryIdKey = "queryId";

    private string LastResults => $"{family.Type}.last_results";

    public async Task<OperatorOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var parameters = request.Config.MergeDefault(request.Config.GetMapOrEmpty(family.Type));
        var query = await CommandText.ReadAsync(request, parameters, "query", context, cancellationToken).ConfigureAwait(false);
        var options = SqlTaskOptions.Of(parameters);
        var settings = PgSettings.Of(parameters, context.Secrets, family);
        var download = options.DownloadFile is { } file ? Workspace.Of(request, context).PathOf(file) : null;

        // The identity of the work must be saved before the work can begin.
        if (!options.IsReading && WithoutIdentity(request) is { } first)
        {
            return first;
        }

        var session = await PgSession.OpenAsync(settings, SchemaOf(parameters), cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return options.IsReading
                ? await ReadAsync(new PgReading(session, query), options, download, cancellationToken).ConfigureAwait(false)
                : await WriteAsync(session, StatementOf(query, options), options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>On the first call of a task that changes something: the wish to be called again with an identity saved.</summary>
    public static OperatorOutcome.Polling? WithoutIdentity(OperatorRequest request) => request.StateParams.Has(QueryIdKey)
        ? null
        : new OperatorOutcome.Polling(Duration.Zero, request.StateParams.With(QueryIdKey, Guid.NewGuid().ToString()));

    /// <summary>The identity that <see cref="WithoutIdentity"/> had saved.</summary>
    public static string IdentityOf(OperatorRequest request) => request.StateParams.GetString(QueryIdKey);

    private string? SchemaOf(ConfigMap parameters) => family.TakesSettingsAtStart
        ? null
        : context.Secrets.Find($"{family.SecretScope}.schema") ?? parameters.GetStringOrNull("schema");

    private static string StatementOf(string query, SqlTaskOptions options) => options switch
    {
        { InsertInto: { } table } => $"INSERT INTO {table}\n{query}",
        { CreateTable: { } table } => $"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} AS \n{query}",
        _ => query,
    };

    private async Task<OperatorOutcome> ReadAsync(
        PgReading reading, SqlTaskOptions options, string? download, CancellationToken cancellationToken)
    {
        if (download is not null)
        {
            await reading.DownloadAsync(download, cancellationToken).ConfigureAwait(false);
            return OperatorOutcome.Done;
        }

        var limits = ResultLimits.Of(context.SystemConfig, family.Type);
        var rows = await reading.StoreAsync(options.StoredRows, limits, cancellationToken).ConfigureAwait(false);
        return new OperatorOutcome.Succeeded(new TaskResult
        {
            ResetStoreParams = [LastResults],
            StoreParams = ConfigMap.Of((family.Type, ConfigMap.Of(("last_results", rows)))),
        });
    }

    private async Task<OperatorOutcome> WriteAsync(
        PgSession session, string statement, SqlTaskOptions options, CancellationToken cancellationToken)
    {
        if (options.IsStrict)
        {
            return await doOnce(session, new SqlStatement(IdentityOf(request), statement, options)).ConfigureAwait(false);
        }

        await session.ExecuteAsync(statement, "Failed to execute given SQL script", cancellationToken).ConfigureAwait(false);
        return OperatorOutcome.Done;
    }
}
