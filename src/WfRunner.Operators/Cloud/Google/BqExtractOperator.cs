using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Google;

/// <summary><c>bq_extract&gt;</c>: writes a table of BigQuery to files. Digdag behaviour: operators-cloud 7.1.</summary>
public sealed class BqExtractOperator() : BqJobOperator(new OperatorDescription(
    "bq_extract",
    "Writes a table of BigQuery to files of Google Cloud Storage.",
    new OperatorParameter("_command", ParameterType.Text, "The table: [PROJECT:][DATASET.]TABLE.", Required: true),
    [
        new OperatorParameter("destination", ParameterType.Any, "gs:// address, or a list of them.", Required: true),
        new OperatorParameter("print_header", ParameterType.Boolean, "Whether the first row holds the names of columns."),
        new OperatorParameter("field_delimiter", ParameterType.Text, "What separates fields."),
        new OperatorParameter("destination_format", ParameterType.Text, "CSV, NEWLINE_DELIMITED_JSON, AVRO or PARQUET."),
        new OperatorParameter("compression", ParameterType.Text, "GZIP, DEFLATE, SNAPPY or NONE."),
        .. Shared,
    ]))
{
    /// <inheritdoc/>
    private protected override ValueTask<ConfigMap> ConfigureAsync(
        OperatorRequest request, ConfigMap options, string project, IOperatorContext context, CancellationToken cancellationToken)
    {
        _ = options.GetString("_command");
        var fields = new BqFields(options)
            .Value("sourceTable", Table(options, "_command", project))
            .Value("destinationUris", Addresses(options, "destination"))
            .Boolean("print_header", "printHeader")
            .Text("field_delimiter", "fieldDelimiter")
            .Text("destination_format", "destinationFormat")
            .Text("compression", "compression");
        return ValueTask.FromResult(ConfigMap.Of(("extract", fields.Build())));
    }
}
