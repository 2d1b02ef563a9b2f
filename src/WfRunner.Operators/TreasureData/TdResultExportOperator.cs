using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td_result_export&gt;</c>: writes the result of an earlier job to a connection. Digdag behaviour: operators-td 9.</summary>
public sealed class TdResultExportOperator : TdFamilyOperator
{
    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdResultExportOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_result_export",
        "Writes the result of an earlier job to a connection.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing, or the job as the hosted service's examples write it."),
        [
            new OperatorParameter("job_id", ParameterType.Text, "The job, for example ${td.last_job_id}; required unless it stands behind td_result_export>."),
            new OperatorParameter("result_connection", ParameterType.Text, "Name of the connection.", Required: true),
            new OperatorParameter("result_settings", ParameterType.Any, "Settings of the connection: an object, or JSON text.", Required: true)
            {
                ResolvesSecrets = true,
            },
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var jobId = JobOf(task);
        var connection = task.Parameters.GetString("result_connection");
        var settings = task.Parameters.ParseMap("result_settings");
        if (task.LeavesOut("td_result_export>"))
        {
            return OperatorOutcome.Done;
        }

        return await TdServiceJob.AdvanceAsync(task, string.Empty, StartAsync, cancellationToken).ConfigureAwait(false);

        async Task<Query.QueryJobId> StartAsync(string domainKey, CancellationToken token)
        {
            var client = task.Client(string.Empty);
            var connectionId = await client.FindConnectionAsync(connection, token).ConfigureAwait(false);
            var resolved = ConfigJson.Write(SecretTemplate.Replace(settings, task.Context.Secrets));
            var id = await client.ExportResultAsync(jobId, connectionId, resolved, token).ConfigureAwait(false);
            task.Log.Info($"Started result export job id={id}");
            return id;
        }
    }

    private protected override IReadOnlyList<string> Describe(TdTask task) =>
    [
        task.Outlook("td_result_export>", $"writes the result of the job {JobOf(task)} to the connection {task.Parameters.GetString("result_connection")}"),
    ];

    private static string JobOf(TdTask task) => task.Parameters.GetStringOrNull("job_id")
        ?? (task.Request.Config.GetStringOrNull("_command") is { Length: > 0 } command ? command : task.Parameters.GetString("job_id"));
}
