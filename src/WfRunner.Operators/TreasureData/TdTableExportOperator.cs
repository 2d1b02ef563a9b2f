using System.Globalization;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td_table_export&gt;</c>: writes a range of time of a table to S3. Digdag behaviour: operators-td 10.</summary>
public sealed class TdTableExportOperator : TdFamilyOperator
{
    private static readonly string[] Formats = ["tsv.gz", "jsonl.gz", "json.gz", "line-json.gz"];

    private static readonly LocalDateTimePattern LocalPattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");
    private static readonly OffsetDateTimePattern OffsetPattern = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss o<+HHmm>");

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdTableExportOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_table_export",
        "Writes a range of time of a table to S3.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            new OperatorParameter("table", ParameterType.Text, "The table.", Required: true),
            new OperatorParameter("file_format", ParameterType.Text, "tsv.gz, jsonl.gz, json.gz or line-json.gz.", Required: true),
            new OperatorParameter("from", ParameterType.Any, "Start, inclusive: unix seconds or yyyy-MM-dd HH:mm:ss[ Z].", Required: true),
            new OperatorParameter("to", ParameterType.Any, "End, exclusive.", Required: true),
            new OperatorParameter("s3_bucket", ParameterType.Text, "The bucket.", Required: true),
            new OperatorParameter("s3_path_prefix", ParameterType.Text, "What names of files start with.", Required: true),
            new OperatorParameter("hive_pool_name", ParameterType.Text, "Resource pool of the job."),
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var options = task.Parameters;
        var database = task.Database();
        _ = options.GetString("table");
        var table = TdOptions.Table("table", options["table"]!);
        var format = options.GetString("file_format");
        if (!Formats.Contains(format))
        {
            throw new ConfigException("invalid file_format option", options.KeySpan("file_format"));
        }

        if (task.LeavesOut("td_table_export>"))
        {
            return OperatorOutcome.Done;
        }

        return await TdServiceJob.AdvanceAsync(task, database, StartAsync, cancellationToken).ConfigureAwait(false);

        async Task<Query.QueryJobId> StartAsync(string domainKey, CancellationToken token)
        {
            List<KeyValuePair<string, string>> form =
            [
                new("from", UnixTime(task, "from")),
                new("to", UnixTime(task, "to")),
                new("file_prefix", options.GetString("s3_path_prefix")),
                new("file_format", format),
                new("storage_type", "s3"),
                new("bucket", options.GetString("s3_bucket")),
                new("access_key_id", Secret(task, "access_key_id")),
                new("secret_access_key", Secret(task, "secret_access_key")),
            ];
            if (options.GetStringOrNull("hive_pool_name") is { } pool)
            {
                form.Add(new("pool_name", pool));
            }

            var id = await task.Client(database).ExportTableAsync(table.Database ?? database, table.Table, form, token).ConfigureAwait(false);
            task.Log.Info($"Started table export job id={id}");
            return id;
        }
    }

    private protected override IReadOnlyList<string> Describe(TdTask task) =>
    [
        task.Outlook(
            "td_table_export>",
            $"exports the table {task.Parameters.GetString("table")}, times {UnixTime(task, "from")} until before {UnixTime(task, "to")}, "
            + $"to s3://{task.Parameters.GetString("s3_bucket")}/{task.Parameters.GetString("s3_path_prefix")}"),
    ];

    private static string Secret(TdTask task, string key) => task.Context.Secrets.Find("aws.s3." + key)
        ?? task.Context.Secrets.Find("aws." + key)
        ?? throw new WorkflowException(FailureKind.SecretNotFound, $"Secret not found for key: 'aws.s3.{key}' or 'aws.{key}'");

    private static string UnixTime(TdTask task, string key)
    {
        var text = task.Parameters.GetString(key).Trim();
        var time = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds
            : OffsetPattern.Parse(text) is { Success: true, Value: var zoned } ? zoned.ToInstant().ToUnixTimeSeconds()
            : LocalPattern.Parse(text) is { Success: true, Value: var local } ? local.InZoneLeniently(task.Request.Attempt.TimeZone).ToInstant().ToUnixTimeSeconds()
            : throw new WorkflowException(
                FailureKind.DateTimeParse,
                $"Text '{text}' could not be parsed: parameter '{key}' is unix seconds or yyyy-MM-dd HH:mm:ss[ Z]",
                task.Parameters.KeySpan(key));
        return time.ToString(CultureInfo.InvariantCulture);
    }
}
