using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using WfRunner.Core;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Sorts what can go wrong with a database: it is away, two transactions were in each other's way, or the request is bad.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>Whether a failure comes from the database or the way to it.</summary>
    public static bool Is(Exception failure) => failure is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>Whether the database is away or in no condition to answer; later it may.</summary>
    public static bool IsUnavailable(Exception failure) => failure switch
    {
        PostgresException p => IsUnavailable(p.SqlState),
        _ => Is(failure),
    };

    /// <summary>Whether the same transaction may succeed when it is tried again at once.</summary>
    public static bool IsConflict(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>The failure as the store's callers know it.</summary>
    public static WorkflowException Explain(PostgreSqlSettings settings, Exception failure) => failure switch
    {
        _ when IsUnavailable(failure) =>
            new StoreUnavailableException($"{settings.Place} is not available: {DistrustOf(settings, failure) ?? MessageOf(failure)}", failure),

        // The one character that its texts cannot hold.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } =>
            new WorkflowException(FailureKind.IllegalArgument, "Texts must not contain the character NUL", null, failure),
        _ => new WorkflowException(FailureKind.Database, $"{settings.Place}: {MessageOf(failure)}", null, failure),
    };

    /// <summary>The text that says most.</summary>
    public static string MessageOf(Exception failure) => failure switch
    {
        PostgresException p => p.MessageText,
        NpgsqlException { InnerException: { } inner } n when !inner.Message.Equals(n.Message, StringComparison.Ordinal) => $"{n.Message}: {inner.Message}",
        _ => failure.Message,
    };

    // The driver only says that its check said no.
    private static string? DistrustOf(PostgreSqlSettings settings, Exception failure)
    {
        if (failure is not NpgsqlException { InnerException: AuthenticationException } || settings.Ssl is not (SslMode.VerifyCA or SslMode.VerifyFull))
        {
            return null;
        }

        var host = settings.Ssl == SslMode.VerifyFull ? $" for the host {settings.Host}" : string.Empty;
        var authority = settings.RootCertificate is { } file ? $"one in {file} (database.sslrootcert)" : "one that this machine trusts (database.sslrootcert names others)";
        return $"the server's certificate is not trusted: it must be valid{host}, and issued by {authority}";
    }

    // Connection failures, lack of resources, an administrator's or a crash's shutdown, a server that still starts, one that only reads.
    private static bool IsUnavailable(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state is "57P01" or "57P02" or "57P03" or "57P05" or "25006" or "58000" or "58030";
}
