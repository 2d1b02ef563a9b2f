using System.Globalization;
using WfRunner.Cloud.Google;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// <c>bq_ddl&gt;</c>: makes, empties and deletes datasets and tables of BigQuery, each operation once. Digdag behaviour:
/// operators-cloud 7.2. Better than Digdag: an operation goes to the project that its reference names.
/// </summary>
public sealed class BqDdlOperator : IOperator
{
    private const string OperationKey = "operation";
    private const string RequestKey = "request";

    // In the order in which they are done.
    private static readonly (string Option, string Summary, Func<BqDdl, ConfigValue, CancellationToken, Task> Do)[] Kinds =
    [
        ("delete_datasets", "Datasets to delete, with their tables.", (ddl, item, token) => ddl.DeleteDatasetAsync(item, token)),
        ("empty_datasets", "Datasets to delete and make anew.", (ddl, item, token) => ddl.EmptyDatasetAsync(item, token)),
        ("create_datasets", "Datasets to make unless they exist.", (ddl, item, token) => ddl.CreateDatasetAsync(item, token)),
        ("delete_tables", "Tables to delete.", (ddl, item, token) => ddl.DeleteTableAsync(item, token)),
        ("empty_tables", "Tables to delete and make anew.", (ddl, item, token) => ddl.EmptyTableAsync(item, token)),
        ("create_tables", "Tables to make unless they exist.", (ddl, item, token) => ddl.CreateTableAsync(item, token)),
    ];

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "bq_ddl",
        "Makes, empties and deletes datasets and tables of BigQuery.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            .. Kinds.Select(k => new OperatorParameter(k.Option, ParameterType.List, k.Summary)),
            new OperatorParameter("dataset", ParameterType.Text, "Dataset of tables that are named without one: [PROJECT:]DATASET."),
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("bq"));
        var work = Kinds.SelectMany(k => options.GetListOrEmpty(k.Option).Select(item => (k.Do, Item: item))).ToList();
        using var bigQuery = GoogleServices.OpenBigQuery(context);
        var ddl = new BqDdl(bigQuery, options.GetStringOrNull("dataset"), request.Attempt.TimeZone);
        for (var i = request.StateParams.GetInt32OrNull(OperationKey) ?? 0; i < work.Count; i++)
        {
            try
            {
                await work[i].Do(ddl, work[i].Item, cancellationToken).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (!GoogleApiException.MayPass(e))
            {
                throw e.ToFailure();
            }
            catch (Exception e) when (GoogleApiException.MayPass(e))
            {
                var state = request.StateParams.With(OperationKey, (long)i);
                var fresh = i == (request.StateParams.GetInt32OrNull(OperationKey) ?? 0) ? state : state.Without(RequestKey);
                return new PollingRetry(RequestKey).Again(
                    request with { StateParams = fresh },
                    context.Log,
                    string.Create(CultureInfo.InvariantCulture, $"BigQuery DDL operation {i + 1} of {work.Count} failed: {e.Message}"));
            }
        }

        return OperatorOutcome.Done;
    }
}
