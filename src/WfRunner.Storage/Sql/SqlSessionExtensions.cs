using System.Data.Common;

namespace WfRunner.Storage.Sql;

/// <summary>Shorter ways to read from a session.</summary>
internal static class SqlSessionExtensions
{
    /// <summary>Reads the first row of a query, if there is one.</summary>
    public static async Task<T?> FirstAsync<T>(
        this ISqlSession session, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments)
        where T : class =>
        (await session.QueryAsync(sql, read, cancellationToken, arguments).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Reads one number, null where there is no row or no value.</summary>
    public static async Task<long?> NumberAsync(this ISqlSession session, string sql, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var found = await session.QueryAsync(sql, Number, cancellationToken, arguments).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    private static long? Number(DbDataReader row) =>
        row.IsDBNull(0) ? null : row.GetFieldType(0) == typeof(int) ? row.GetInt32(0) : row.GetInt64(0);
}
