using WfRunner.Core.Sessions;
using WfRunner.Storage.Secrets;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Secrets in PostgreSQL.</summary>
internal sealed class PostgreSqlSecretStore(PostgreSqlDatabase database) : ISecretStore
{
    public Task SetAsync(ProjectId project, SecretScope scope, string key, string encrypted, CancellationToken cancellationToken) =>
        database.ReadAsync(
            (s, c) => s.ExecuteAsync(
                """
                INSERT INTO secrets (project_id, scope, key, value) VALUES ($1, $2, $3, $4)
                ON CONFLICT (project_id, scope, key) DO UPDATE SET value = excluded.value
                """,
                c,
                project.Value,
                (int)scope,
                key,
                encrypted),
            cancellationToken);

    public Task DeleteAsync(ProjectId project, SecretScope scope, string key, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.ExecuteAsync("DELETE FROM secrets WHERE project_id = $1 AND scope = $2 AND key = $3", c, project.Value, (int)scope, key),
        cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            async (s, c) => await s.QueryAsync(
                """SELECT key FROM secrets WHERE project_id = $1 AND scope = $2 ORDER BY key COLLATE "C" """,
                static r => r.GetString(0),
                c,
                project.Value,
                (int)scope).ConfigureAwait(false),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> ReadAllAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, string>>(
            async (s, c) =>
            {
                var pairs = await s.QueryAsync(
                    "SELECT key, value FROM secrets WHERE project_id = $1 AND scope = $2",
                    static r => (Key: r.GetString(0), Value: r.GetString(1)),
                    c,
                    project.Value,
                    (int)scope).ConfigureAwait(false);
                return pairs.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
            },
            cancellationToken);
}
