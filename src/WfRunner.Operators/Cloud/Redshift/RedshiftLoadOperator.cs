using System.Text.Json;
using Amazon.Runtime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Aws;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary><c>redshift_load&gt;</c>: loads data into a table by COPY. Digdag behaviour: operators-cloud 4.4 and 4.5.</summary>
public sealed class RedshiftLoadOperator : IOperator
{
    private const string Type = "redshift_load";

    // Which options exclude which, with the text that names them.
    private static readonly (string Option, string[] Others, string Message)[] Exclusions =
    [
        ("csv", ["fixedwidth", "removequotes", "escape"], "CSV cannot be used with FIXEDWIDTH, REMOVEQUOTES, or ESCAPE"),
        ("delimiter", ["fixedwidth"], "DELIMITER cannot be used with FIXEDWIDTH"),
        (
            "json",
            ["csv", "delimiter", "avro", "escape", "fillrecord", "fixedwidth", "ignoreblanklines", "null_as", "readratio", "removequotes"],
            "JSON cannot be used with CSV, DELIMITER, AVRO, ESCAPE, FILLRECORD, FIXEDWIDTH, IGNOREBLANKLINES, NULL AS, READRATIO or REMOVEQUOTES"),
        ("avro", ["csv", "delimiter", "json", "fixedwidth"], "AVRO cannot be used with CSV, DELIMITER, JSON or FIXEDWIDTH"),
    ];

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        Type,
        "Loads data into a table of Amazon Redshift.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            new OperatorParameter("table", ParameterType.Text, "The table; its schema is the search path's.", Required: true),
            new OperatorParameter("from", ParameterType.Text, "Where the data is: s3://, dynamodb:// or emr://.", Required: true),
            new OperatorParameter("column_list", ParameterType.Any, "Accepted for the sake of old files; the statement does not carry it."),
            .. RedshiftTransferOptions.Parameters(RedshiftTransferOptions.Copy),
            .. RedshiftTransfer.SharedParameters,
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (SqlTask.WithoutIdentity(request) is { } first)
        {
            return first;
        }

        var transfer = new RedshiftTransfer(Type, request, context);
        var options = transfer.Options;
        var (table, from) = (options.GetString("table"), options.GetString("from"));
        Check(options);
        var lines = RedshiftTransferOptions.Lines(RedshiftTransferOptions.Copy, options);
        var accesses = await AccessesAsync(transfer, from, cancellationToken).ConfigureAwait(false);
        var credentials = await transfer.Credentials.TextAsync(accesses, cancellationToken).ConfigureAwait(false);
        return await transfer.RunAsync(Statement(table, from, credentials, lines), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The statement.</summary>
    internal static string Statement(string table, string from, string credentials, string options) =>
        $"COPY {new TableReference(null, table)} FROM {RedshiftTransferOptions.Quote(from)}\nCREDENTIALS {RedshiftTransferOptions.Quote(credentials)}\n{options}";

    /// <summary>Refuses options that exclude each other.</summary>
    /// <exception cref="ConfigException">Some do.</exception>
    internal static void Check(ConfigMap options)
    {
        foreach (var (option, others, message) in Exclusions)
        {
            if (IsSet(options, option) && others.Any(o => IsSet(options, o)))
            {
                throw new ConfigException(message, options[option]!.Span);
            }
        }
    }

    private static bool IsSet(ConfigMap options, string key) =>
        options[key] is { IsNull: false } value && value is not ConfigBoolean { Value: false };

    private static async Task<IReadOnlyList<RedshiftCredentials.Access>> AccessesAsync(
        RedshiftTransfer transfer, string from, CancellationToken cancellationToken)
    {
        var options = transfer.Options;
        var uris = new List<string> { from };
        uris.AddRange(((string[])["json", "avro"])
            .Select(key => options.GetStringOrNull(key))
            .OfType<string>()
            .Where(file => file.Length > 0 && !file.StartsWith("auto", StringComparison.OrdinalIgnoreCase)));
        if (options.GetBooleanOr("manifest", false))
        {
            uris.AddRange(await ManifestAsync(transfer, from, cancellationToken).ConfigureAwait(false));
        }

        return [.. uris.Select(uri => new RedshiftCredentials.Access(uri, Writes: false))];
    }

    private static async Task<IEnumerable<string>> ManifestAsync(RedshiftTransfer transfer, string from, CancellationToken cancellationToken)
    {
        if (!from.StartsWith("s3://", StringComparison.Ordinal) || from.LastIndexOf('/') <= "s3://".Length)
        {
            throw new ConfigException($"Invalid manifest file uri: {from}", transfer.Options["from"]!.Span);
        }

        var address = S3Address.Parse(from, transfer.Options["from"]);
        using var client = transfer.OpenS3();
        try
        {
            using var response = await client.GetObjectAsync(address.Bucket, address.Key, cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(response.ResponseStream);
            var manifest = ConfigJson.Parse(System.Text.Encoding.UTF8.GetBytes(await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)));
            return [.. ((ConfigMap)manifest).GetListOrEmpty("entries").Select(e => ((ConfigMap)e).GetString("url"))];
        }
        catch (Exception e) when (e is AmazonServiceException or HttpRequestException or JsonException or InvalidCastException or ConfigException)
        {
            throw new TaskFailedException($"Failed to fetch a manifest file: {from} [{e.Message}]", null, e);
        }
    }
}
