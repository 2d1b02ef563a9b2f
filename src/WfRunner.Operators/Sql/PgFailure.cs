using System.Globalization;
using System.Text;
using Npgsql;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>Failures of a database, with what was tried and what the server said. Digdag behaviour: operators-core 10.5.</summary>
internal static class PgFailure
{
    /// <summary>Whether an exception is one of the driver: a refusal of the server or a broken connection.</summary>
    public static bool Is(Exception e) => e is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    /// <summary>The task's failure.</summary>
    /// <param name="what">What was tried, for example <c>Failed to connect to the database</c>.</param>
    /// <param name="cause">Why it failed.</param>
    public static TaskFailedException Of(string what, Exception cause) => new($"{what} [{TextOf(cause)}]", null, cause);

    /// <summary>What the server said, in the form of its own client programs.</summary>
    public static string TextOf(Exception cause)
    {
        if (cause is not PostgresException said)
        {
            return cause.InnerException is { } inner ? $"{cause.Message}: {inner.Message}" : cause.Message;
        }

        var text = new StringBuilder().Append(said.Severity).Append(": ").Append(said.MessageText);
        Append("Detail", said.Detail);
        Append("Hint", said.Hint);
        Append("Position", said.Position > 0 ? said.Position.ToString(CultureInfo.InvariantCulture) : null);
        Append("Where", said.Where);
        return text.ToString();

        void Append(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append("\n  ").Append(name).Append(": ").Append(value);
            }
        }
    }
}
