using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Sql;

/// <summary>What a task does with its query. Digdag behaviour: operators-core 10.2.</summary>
internal sealed record SqlTaskOptions
{
    public TableReference? InsertInto { get; init; }

    public TableReference? CreateTable { get; init; }

    public string? DownloadFile { get; init; }

    public StoredRows StoredRows { get; init; }

    /// <summary>Whether a status table makes sure that a statement is done once, whatever breaks.</summary>
    public bool IsStrict { get; init; }

    public required TableReference StatusTable { get; init; }

    public Duration StatusTableKept { get; init; }

    /// <summary>Whether the query only reads.</summary>
    public bool IsReading => DownloadFile is not null || StoredRows != StoredRows.None;

    /// <summary>Reads the options.</summary>
    /// <exception cref="ConfigException">Two options exclude each other, or one has the wrong form.</exception>
    public static SqlTaskOptions Of(ConfigMap options)
    {
        var read = new SqlTaskOptions
        {
            InsertInto = options.GetStringOrNull("insert_into") is { } insert ? TableReference.Parse(insert) : null,
            CreateTable = options.GetStringOrNull("create_table") is { } create ? TableReference.Parse(create) : null,
            DownloadFile = options.GetStringOrNull("download_file"),
            StoredRows = StoredRowsOf(options),
            IsStrict = options.GetBooleanOr("strict_transaction", true),
            StatusTable = new TableReference(
                options.GetStringOrNull("status_table_schema"), options.GetStringOr("status_table", "__digdag_status")),
            StatusTableKept = DurationOption.Read(options, "status_table_cleanup") ?? Duration.FromHours(24),
        };
        var writes = read.InsertInto is not null || read.CreateTable is not null;
        var wrong = read switch
        {
            { InsertInto: not null, CreateTable: not null } => "Can't use both of insert_into and create_table",
            { DownloadFile: not null } when writes => "Can't use download_file with insert_into or create_table",
            { StoredRows: not StoredRows.None } when writes => "Can't use store_last_results with insert_into or create_table",
            { DownloadFile: not null, StoredRows: not StoredRows.None } => "Can't use both download_file and store_last_results at once",
            _ => null,
        };
        return wrong is null ? read : throw new ConfigException(wrong, options.Span);
    }

    private static StoredRows StoredRowsOf(ConfigMap options) => options["store_last_results"] switch
    {
        null or ConfigNull or ConfigBoolean { Value: false } => StoredRows.None,
        ConfigBoolean => StoredRows.First,
        ConfigText { Value: "false" or "False" or "" } => StoredRows.None,
        ConfigText { Value: "true" or "True" or "first" } => StoredRows.First,
        ConfigText { Value: "all" } => StoredRows.All,
        var other => throw new ConfigException($"store_last_results must be false, first or all: {other}", other.Span),
    };
}
