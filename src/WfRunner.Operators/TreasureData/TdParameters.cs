using WfRunner.Core.Operators;

namespace WfRunner.Operators.TreasureData;

/// <summary>Parameters that several operators of the family take. Digdag behaviour: operators-td 1.3 and 1.10.</summary>
internal static class TdParameters
{
    public static readonly OperatorParameter QueryCommand = new("_command", ParameterType.File, "Path of the query file, or an object with the query under data.")
    {
        IsTemplate = true,
    };

    /// <summary>How the service is reached; for every operator of the family.</summary>
    public static readonly OperatorParameter[] Connection =
    [
        new("database", ParameterType.Text, "Database that unqualified tables are in; may come from the section td or the secret td.database."),
        new("endpoint", ParameterType.Text, "Host of the API, with a port where needed; api.treasuredata.com by default."),
        new("use_ssl", ParameterType.Boolean, "Whether the API is spoken to over TLS; true by default."),
        new("proxy", ParameterType.Map, "HTTP proxy: enabled, host, port, user, password, use_ssl."),
        new("backend", ParameterType.Text, "Engine to work on: treasuredata, duckdb, sqlite, postgresql or trino."),
        new("postgresql", ParameterType.Map, "Server of the backend postgresql: host, port, user, database, ssl, connect_timeout."),
        new("trino", ParameterType.Map, "Server of the backend trino: host, port, user, catalog, ssl, ssl_ca, ssl_insecure, session."),
    ];

    /// <summary>Options of a query job.</summary>
    public static readonly OperatorParameter[] Query =
    [
        new("query", ParameterType.Text, "The query itself, when the command is empty."),
        new("engine", ParameterType.Text, "Dialect of the query: presto (default) or hive."),
        new("priority", ParameterType.Any, "Priority of the job: -2 to 2, or VERY_LOW, LOW, NORMAL, HIGH, VERY_HIGH."),
        new("job_retry", ParameterType.Integer, "How often Treasure Data repeats a failed job."),
        new("presto_pool_name", ParameterType.Text, "Resource pool of Presto jobs."),
        new("hive_pool_name", ParameterType.Text, "Resource pool of Hive jobs."),
        new("engine_version", ParameterType.Text, "Version of the engine."),
        new("hive_engine_version", ParameterType.Text, "Version of the Hive engine; beats engine_version."),
    ];

    /// <summary>What is done with the rows of a job.</summary>
    public static readonly OperatorParameter[] Result =
    [
        new("download_file", ParameterType.Text, "CSV file that the result is written to."),
        new("store_last_results", ParameterType.Boolean, "Stores the first row as td.last_results."),
        new("preview", ParameterType.Boolean, "Shows the first rows in the log."),
    ];
}
