using WfRunner.Core.Operators;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary><c>redshift&gt;</c>: runs a query or a script on Amazon Redshift. Digdag behaviour: operators-cloud 4.2.</summary>
public sealed class RedshiftOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "redshift",
        "Runs a query or a script on Amazon Redshift.",
        new OperatorParameter("_command", ParameterType.File, "Template file of the query, or an object with the query under data.") { IsTemplate = true },
        [.. SqlParameters.Query, .. SqlParameters.Connection(SqlFamily.Redshift)])
    {
        Stores = ["redshift"],
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return new SqlTask(SqlFamily.Redshift, request, context, DoOnceAsync).RunAsync(cancellationToken);

        async Task<OperatorOutcome> DoOnceAsync(PgSession session, SqlStatement work)
        {
            await new RedshiftStatusTables(session, context.Log)
                .RunOnceAsync(work, "Failed to execute given SQL script", cancellationToken).ConfigureAwait(false);
            return OperatorOutcome.Done;
        }
    }
}
