using WfRunner.Core.Sessions;
using WfRunner.Storage.Secrets;

namespace WfRunner.Storage.Sqlite;

/// <summary>Secrets in SQLite.</summary>
internal sealed class SqliteSecretStore(SqliteDatabase database) : ISecretStore
{
    public Task SetAsync(ProjectId project, SecretScope scope, string key, string encrypted, CancellationToken cancellationToken) =>
        database.WriteAsync(
            s => s.Execute(
                """
                INSERT INTO secrets (project_id, scope, key, value) VALUES ($1, $2, $3, $4)
                ON CONFLICT (project_id, scope, key) DO UPDATE SET value = $4
                """,
                project.Value,
                (int)scope,
                key,
                encrypted),
            cancellationToken);

    public Task DeleteAsync(ProjectId project, SecretScope scope, string key, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute("DELETE FROM secrets WHERE project_id = $1 AND scope = $2 AND key = $3", project.Value, (int)scope, key),
        cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            s => s.Query(
                "SELECT key FROM secrets WHERE project_id = $1 AND scope = $2 ORDER BY key", r => r.GetString(0), project.Value, (int)scope),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> ReadAllAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, string>>(
            s => s.Query(
                    "SELECT key, value FROM secrets WHERE project_id = $1 AND scope = $2",
                    r => (Key: r.GetString(0), Value: r.GetString(1)),
                    project.Value,
                    (int)scope)
                .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
            cancellationToken);
}
