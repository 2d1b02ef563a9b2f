using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The options of a query task, read and checked in Digdag's order. Digdag behaviour: operators-td 1.2, 1.10, 2.</summary>
internal sealed record TdOptions
{
    /// <summary>Options that make Treasure Data write the result to another system.</summary>
    private static readonly string[] ExternalEffects = ["result_url", "result_connection", "result_settings"];

    private static readonly Dictionary<string, int> PriorityWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VERY_LOW"] = -2,
        ["LOW"] = -1,
        ["NORMAL"] = 0,
        ["HIGH"] = 1,
        ["VERY_HIGH"] = 2,
    };

    public required QueryEngine Engine { get; init; }

    /// <summary>The table that takes the result; null when the rows are the result.</summary>
    public QueryTarget? Target { get; init; }

    public int Priority { get; init; }

    public int JobRetry { get; init; }

    public string? PoolName { get; init; }

    public string? EngineVersion { get; init; }

    public string? ResultUrl { get; init; }

    public string? ResultConnection { get; init; }

    public ConfigMap? ResultSettings { get; init; }

    /// <summary>The set options that only Treasure Data can follow.</summary>
    public IReadOnlyList<string> External { get; init; } = [];

    /// <summary>The name of the engine as logs print it.</summary>
    public string EngineName => Engine == QueryEngine.Hive ? "hive" : "presto";

    /// <summary>The task's parameters with its <c>td:</c> section below them: a key of the task or an export wins.</summary>
    public static ConfigMap Merged(OperatorRequest request) => request.Config.MergeDefault(request.Config.GetMapOrEmpty("td"));

    /// <summary>Reads the options of a query job that has neither target nor external effects.</summary>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    public static TdOptions ReadJob(ConfigMap options)
    {
        var priority = PriorityOf(options);
        var retry = options.GetInt32OrNull("job_retry") ?? 0;
        var engine = EngineOf(options);
        return new TdOptions
        {
            Engine = engine,
            Priority = priority,
            JobRetry = retry,
            PoolName = options.GetStringOrNull(engine == QueryEngine.Hive ? "hive_pool_name" : "presto_pool_name"),
            EngineVersion = (engine == QueryEngine.Hive ? options.GetStringOrNull("hive_engine_version") : null) ?? options.GetStringOrNull("engine_version"),
        };
    }

    /// <summary>Reads all options of <c>td&gt;</c>.</summary>
    /// <exception cref="ConfigException">An option is wrong, or two exclude each other.</exception>
    public static TdOptions Read(ConfigMap options)
    {
        var target = TargetOf(options);
        if (options.GetStringOrNull("download_file") is not null && target is not null)
        {
            throw new ConfigException("download_file is invalid if insert_into or create_table is set", options.KeySpan("download_file"));
        }

        if (Has(options, "result_settings") && !Has(options, "result_connection"))
        {
            throw new ConfigException("result_settings is valid only if result_connection is set", options.KeySpan("result_settings"));
        }

        return ReadJob(options) with
        {
            Target = target,
            ResultUrl = options.GetStringOrNull("result_url"),
            ResultConnection = options.GetStringOrNull("result_connection"),
            ResultSettings = Has(options, "result_settings") ? options.ParseMap("result_settings") : null,
            External = [.. ExternalEffects.Where(key => Has(options, key))],
        };
    }

    /// <summary>A request with these options.</summary>
    public QueryRequest Apply(QueryRequest request) => request with
    {
        Engine = Engine,
        Target = Target,
        Priority = Priority,
        RetryLimit = JobRetry,
        PoolName = PoolName,
        EngineVersion = EngineVersion,
    };

    /// <summary>The name of a table.</summary>
    /// <exception cref="ConfigException">It is no text, or holds control characters.</exception>
    public static TableName Table(string key, ConfigValue value)
    {
        if (value is not ConfigText { Value: var name })
        {
            throw ConfigAccess.Mismatch("table name", key, value);
        }

        return name.Any(char.IsControl)
            ? throw new ConfigException($"Parameter '{key}' must not hold control characters", value.Span)
            : TableName.Parse(name);
    }

    private static bool Has(ConfigMap options, string key) => options[key] is { IsNull: false };

    private static QueryTarget? TargetOf(ConfigMap options)
    {
        var insertInto = Has(options, "insert_into") ? Table("insert_into", options["insert_into"]!) : null;
        var createTable = Has(options, "create_table") ? Table("create_table", options["create_table"]!) : null;
        if (insertInto is not null && createTable is not null)
        {
            throw new ConfigException("Setting both insert_into and create_table is invalid", options.KeySpan("create_table"));
        }

        return insertInto is not null ? new QueryTarget(insertInto, QueryTargetMode.Append)
            : createTable is not null ? new QueryTarget(createTable, QueryTargetMode.Replace)
            : null;
    }

    // Digdag sends 0 for a number that is no priority. The words are an addition.
    private static int PriorityOf(ConfigMap options) =>
        options["priority"] is ConfigText { Value: var word } && PriorityWords.TryGetValue(word.Trim(), out var named) ? named
        : options.GetInt32OrNull("priority") is >= -2 and <= 2 and var number ? number
        : 0;

    // "trino" is the later name of the same engine; Digdag does not know it.
    private static QueryEngine EngineOf(ConfigMap options) => options.GetStringOr("engine", "presto") switch
    {
        "presto" or "trino" => QueryEngine.Presto,
        "hive" => QueryEngine.Hive,
        var unknown => throw new ConfigException(
            $"Unknown 'engine:' option (available options are: hive and presto): {unknown}", options.KeySpan("engine")),
    };
}
