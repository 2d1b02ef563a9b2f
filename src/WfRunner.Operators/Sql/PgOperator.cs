using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary><c>pg&gt;</c>: runs a query or a script on PostgreSQL. Digdag behaviour: operators-core 10.</summary>
public sealed class PgOperator : IOperator
{
    private const string PollIntervalKey = "pollInterval";
    private const int LongestPollSeconds = 1200;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "pg",
        "Runs a query or a script on PostgreSQL.",
        new OperatorParameter("_command", ParameterType.File, "Template file of the query, or an object with the query under data.") { IsTemplate = true },
        [
            .. SqlParameters.Query,
            .. SqlParameters.Connection(SqlFamily.PostgreSql),
            new OperatorParameter("sslmode", ParameterType.Text, "disable, allow, prefer, require, verify-ca or verify-full; wins over ssl."),
            new OperatorParameter("sslrootcert", ParameterType.Text, "File of certificates to check the server's against."),
        ])
    {
        Stores = ["pg"],
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return new SqlTask(SqlFamily.PostgreSql, request, context, DoOnceAsync).RunAsync(cancellationToken);

        async Task<OperatorOutcome> DoOnceAsync(PgSession session, SqlStatement work)
        {
            var status = new PgStatusTable(session, work.Options.StatusTable, context.Log);
            await status.PrepareAsync(cancellationToken).ConfigureAwait(false);
            if (!await status.TryRunOnceAsync(work.QueryId, work.Text, cancellationToken).ConfigureAwait(false))
            {
                var pause = Math.Min(LongestPollSeconds, request.StateParams.GetInt64OrNull(PollIntervalKey) ?? 1);
                return new OperatorOutcome.Polling(
                    Duration.FromSeconds(pause), request.StateParams.With(PollIntervalKey, Math.Min(LongestPollSeconds, pause * 2)));
            }

            await status.CleanUpAsync(work.Options.StatusTableKept, cancellationToken).ConfigureAwait(false);
            return OperatorOutcome.Done;
        }
    }
}
