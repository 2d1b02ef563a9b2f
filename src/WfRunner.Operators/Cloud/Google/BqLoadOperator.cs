using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Google;

/// <summary><c>bq_load&gt;</c>: loads files into a table of BigQuery. Digdag behaviour: operators-cloud 7.1.</summary>
public sealed class BqLoadOperator() : BqJobOperator(new OperatorDescription(
    "bq_load",
    "Loads files of Google Cloud Storage into a table of BigQuery.",
    new OperatorParameter("_command", ParameterType.Any, "gs:// address, or a list of them.", Required: true),
    [
        new OperatorParameter("destination_table", ParameterType.Text, "The table: [PROJECT:][DATASET.]TABLE.", Required: true),
        new OperatorParameter("schema", ParameterType.Any, "Schema of the table: an object, or a template file in JSON or YAML.") { IsTemplate = true },
        new OperatorParameter("create_disposition", ParameterType.Text, "CREATE_IF_NEEDED or CREATE_NEVER."),
        new OperatorParameter("write_disposition", ParameterType.Text, "WRITE_TRUNCATE, WRITE_APPEND or WRITE_EMPTY."),
        new OperatorParameter("source_format", ParameterType.Text, "CSV, NEWLINE_DELIMITED_JSON, AVRO, PARQUET, ORC or DATASTORE_BACKUP."),
        new OperatorParameter("field_delimiter", ParameterType.Text, "What separates fields."),
        new OperatorParameter("skip_leading_rows", ParameterType.Integer, "How many rows at the start are left out."),
        new OperatorParameter("encoding", ParameterType.Text, "UTF-8 or ISO-8859-1."),
        new OperatorParameter("quote", ParameterType.Text, "What quotes fields."),
        new OperatorParameter("max_bad_records", ParameterType.Integer, "How many rows may be wrong."),
        new OperatorParameter("allow_quoted_newlines", ParameterType.Boolean, "Whether quoted fields may hold line breaks."),
        new OperatorParameter("allow_jagged_rows", ParameterType.Boolean, "Whether fields at the end of a row may be missing."),
        new OperatorParameter("ignore_unknown_values", ParameterType.Boolean, "Whether fields that the schema lacks are left out."),
        new OperatorParameter("projection_fields", ParameterType.List, "Properties to load from a Datastore backup."),
        new OperatorParameter("autodetect", ParameterType.Boolean, "Whether the schema is found from the data."),
        new OperatorParameter("schema_update_options", ParameterType.List, "ALLOW_FIELD_ADDITION, ALLOW_FIELD_RELAXATION."),
        .. Shared,
    ]))
{
    /// <inheritdoc/>
    private protected override async ValueTask<ConfigMap> ConfigureAsync(
        OperatorRequest request, ConfigMap options, string project, IOperatorContext context, CancellationToken cancellationToken)
    {
        _ = options.GetString("destination_table");
        var fields = new BqFields(options)
            .Value("sourceUris", Addresses(options, "_command"))
            .Value("destinationTable", Table(options, "destination_table", project))
            .Value("schema", await SchemaAsync(request, options, context, cancellationToken).ConfigureAwait(false))
            .Text("create_disposition", "createDisposition")
            .Text("write_disposition", "writeDisposition")
            .Text("source_format", "sourceFormat")
            .Text("field_delimiter", "fieldDelimiter")
            .Integer("skip_leading_rows", "skipLeadingRows")
            .Text("encoding", "encoding")
            .Text("quote", "quote")
            .Integer("max_bad_records", "maxBadRecords")
            .Boolean("allow_quoted_newlines", "allowQuotedNewlines")
            .Boolean("allow_jagged_rows", "allowJaggedRows")
            .Boolean("ignore_unknown_values", "ignoreUnknownValues")
            .Boolean("autodetect", "autodetect")
            .Value("projectionFields", BqFields.TextList("projection_fields", new ConfigList(options.GetListOrEmpty("projection_fields"))))
            .Value("schemaUpdateOptions", BqFields.TextList("schema_update_options", new ConfigList(options.GetListOrEmpty("schema_update_options"))));
        return ConfigMap.Of(("load", fields.Build()));
    }

    private static async Task<ConfigMap?> SchemaAsync(
        OperatorRequest request, ConfigMap options, IOperatorContext context, CancellationToken cancellationToken)
    {
        switch (options["schema"])
        {
            case null or ConfigNull:
                return null;
            case ConfigMap schema:
                return schema;
            case var value:
                var name = ConfigAccess.AsString("schema", value);
                var text = await Workspace.Of(request, context).ReadTemplateAsync(name, value.Span, options, context, cancellationToken).ConfigureAwait(false);
                try
                {
                    return Path.GetExtension(name) == ".json"
                        ? ConfigJson.Parse(text) as ConfigMap ?? throw new ConfigException($"Expected object type for key 'schema' in {name}", value.Span)
                        : YamlText.Parse(text, name);
                }
                catch (JsonException e)
                {
                    throw new ConfigException($"{e.Message} in {name}", value.Span, e);
                }
        }
    }
}
