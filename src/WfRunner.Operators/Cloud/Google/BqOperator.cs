using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Google;

/// <summary><c>bq&gt;</c>: runs a query on BigQuery. Digdag behaviour: operators-cloud 7.1.</summary>
public sealed class BqOperator() : BqJobOperator(new OperatorDescription(
    "bq",
    "Runs a query on BigQuery.",
    new OperatorParameter("_command", ParameterType.File, "Template file of the query, or an object with the query under data.") { IsTemplate = true },
    [
        new OperatorParameter("query", ParameterType.Text, "The query itself, when no file is named."),
        new OperatorParameter("use_legacy_sql", ParameterType.Boolean, "Whether the query is in BigQuery's old dialect (default: false)."),
        new OperatorParameter("destination_table", ParameterType.Text, "Table for the result: [PROJECT:][DATASET.]TABLE."),
        new OperatorParameter("create_disposition", ParameterType.Text, "CREATE_IF_NEEDED or CREATE_NEVER."),
        new OperatorParameter("write_disposition", ParameterType.Text, "WRITE_TRUNCATE, WRITE_APPEND or WRITE_EMPTY."),
        new OperatorParameter("priority", ParameterType.Text, "INTERACTIVE or BATCH."),
        new OperatorParameter("allow_large_results", ParameterType.Boolean, "Allows large results in the old dialect."),
        new OperatorParameter("use_query_cache", ParameterType.Boolean, "Whether a cached result may be used."),
        new OperatorParameter("flatten_results", ParameterType.Boolean, "Flattens nested fields in the old dialect."),
        new OperatorParameter("maximum_billing_tier", ParameterType.Integer, "The most a query may cost."),
        new OperatorParameter("table_definitions", ParameterType.Map, "External data by table name, as BigQuery's API describes it."),
        new OperatorParameter("user_defined_function_resources", ParameterType.List, "Functions, as BigQuery's API describes them."),
        .. Shared,
    ]))
{
    /// <inheritdoc/>
    private protected override async ValueTask<ConfigMap> ConfigureAsync(
        OperatorRequest request, ConfigMap options, string project, IOperatorContext context, CancellationToken cancellationToken)
    {
        var query = await CommandText.ReadAsync(request, options, "query", context, cancellationToken).ConfigureAwait(false);
        var fields = new BqFields(options)
            .Value("query", query)
            .Value("useLegacySql", options.GetBooleanOr("use_legacy_sql", false))
            .Value("defaultDataset", options.GetStringOrNull("dataset") is { } dataset ? BqReference.Dataset(dataset, project) : null)
            .Value("destinationTable", Table(options, "destination_table", project))
            .Text("create_disposition", "createDisposition")
            .Text("write_disposition", "writeDisposition")
            .Text("priority", "priority")
            .Boolean("allow_large_results", "allowLargeResults")
            .Boolean("use_query_cache", "useQueryCache")
            .Boolean("flatten_results", "flattenResults")
            .Integer("maximum_billing_tier", "maximumBillingTier")
            .Object("table_definitions", "tableDefinitions")
            .List("user_defined_function_resources", "userDefinedFunctionResources");
        return ConfigMap.Of(("query", fields.Build()));
    }
}
