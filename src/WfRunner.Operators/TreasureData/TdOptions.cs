using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The options of a <c>td&gt;</c> task, read and checked in Digdag's order. Digdag behaviour: operators-td 1.10, 2.</summary>
internal sealed record TdOptions
{
    public required string Database { get; init; }

    public required string Engine { get; init; }

    public required QueryTarget Target { get; init; }

    public string? DownloadFile { get; init; }

    public bool StoreLastResults { get; init; }

    public bool Preview { get; init; }

    /// <summary>The task's parameters with its <c>td:</c> section below them.</summary>
    public static ConfigMap Merged(OperatorRequest request) => request.Config.MergeDefault(request.Config.GetMapOrEmpty("td"));

    public static TdOptions Read(ConfigMap options)
    {
        var insertInto = options.GetStringOrNull("insert_into");
        var createTable = options.GetStringOrNull("create_table");
        if (insertInto is not null && createTable is not null)
        {
            throw new ConfigException("Setting both insert_into and create_table is invalid", options.KeySpan("create_table"));
        }

        var target = insertInto is not null ? new QueryTarget(QueryTargetKind.InsertInto, TableName.Parse(insertInto))
            : createTable is not null ? new QueryTarget(QueryTargetKind.CreateTable, TableName.Parse(createTable))
            : QueryTarget.Result;
        var download = options.GetStringOrNull("download_file");
        if (download is not null && target.Table is not null)
        {
            throw new ConfigException("download_file is invalid if insert_into or create_table is set", options.KeySpan("download_file"));
        }

        foreach (var remote in (string[])["result_url", "result_connection", "result_settings"])
        {
            if (options.GetStringOrNull(remote) is not null)
            {
                throw new ConfigException($"{remote} has no meaning on a local engine", options.KeySpan(remote));
            }
        }

        var database = options.GetString("database").Trim();
        if (database.Length == 0)
        {
            throw new ConfigException("Parameter 'database' is empty", options.KeySpan("database"));
        }

        return new TdOptions
        {
            Database = database,
            Engine = EngineOf(options),
            Target = target,
            DownloadFile = download,
            StoreLastResults = options.GetBooleanOr("store_last_results", false),
            Preview = options.GetBooleanOr("preview", false),
        };
    }

    private static string EngineOf(ConfigMap options) => options.GetStringOr("engine", "presto") switch
    {
        "presto" or "trino" => "presto",
        "hive" => "hive",
        var unknown => throw new ConfigException(
            $"Unknown 'engine:' option (available options are: hive and presto): {unknown}", options.KeySpan("engine")),
    };
}
