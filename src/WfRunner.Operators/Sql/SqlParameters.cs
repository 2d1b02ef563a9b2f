using System.Globalization;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>Parameters that operators with a query share.</summary>
internal static class SqlParameters
{
    /// <summary>What is done with a query.</summary>
    public static OperatorParameter[] Query { get; } =
    [
        new("query", ParameterType.Text, "The query itself, when no file is named."),
        new("insert_into", ParameterType.Text, "Table that the result is appended to."),
        new("create_table", ParameterType.Text, "Table that the result replaces."),
        new("download_file", ParameterType.Text, "CSV file that the result is written to."),
        new("store_last_results", ParameterType.Any, "Stores the result as a parameter: false, first or all rows."),
        .. Strict,
    ];

    /// <summary>How a statement is done once.</summary>
    public static OperatorParameter[] Strict =>
    [
        new("strict_transaction", ParameterType.Boolean, "Does the statement exactly once, by means of a status table (default: true)."),
        new("status_table", ParameterType.Text, "Name of the status table (default: __digdag_status)."),
        new("status_table_schema", ParameterType.Text, "Schema of the status table."),
        new("status_table_cleanup", ParameterType.Text, "How long the status table remembers (default: 24h)."),
    ];

    /// <summary>Where the database is.</summary>
    public static OperatorParameter[] Connection(SqlFamily family)
    {
        var scope = family.SecretScope;
        return
        [
            new("host", ParameterType.Text, $"Server; required unless the secret {scope}.host is set."),
            new("port", ParameterType.Integer, string.Create(CultureInfo.InvariantCulture, $"Port of the server (default: {family.Port}); the secret {scope}.port wins.")),
            new("user", ParameterType.Text, $"Who connects; required unless the secret {scope}.user is set."),
            new("password_override", ParameterType.Text, $"Name N: the password is the secret {scope}.N instead of {scope}.password."),
            new("database", ParameterType.Text, $"Database; required unless the secret {scope}.database is set."),
            new("schema", ParameterType.Text, "Search path."),
            new("ssl", ParameterType.Boolean, "TLS, without a check of the certificate."),
            new("connect_timeout", ParameterType.Text, "How long connecting may take (default: 30s)."),
            new("socket_timeout", ParameterType.Text, "How long the server may be silent (default: 1800s)."),
        ];
    }
}
