using WfRunner.Storage.PostgreSql;
using WfRunner.Tests.Shared;

namespace WfRunner.Storage.Tests;

/// <summary>The contract on a PostgreSQL server.</summary>
public sealed class PostgreSqlContractTests(PostgresServer server) : StoreContract, IClassFixture<PostgresServer>
{
    internal static PostgreSqlSettings SettingsOf(PostgresServer server, string database) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        Database = database,
        User = PostgresServer.User,
        Password = PostgresServer.Password,
        UsesDatabaseClock = false,
    };

    protected override async Task<IStore> OpenAsync(CancellationToken cancellationToken) => await PostgreSqlStore.OpenAsync(
        SettingsOf(server, await server.CreateDatabaseAsync()), migrates: true, Clock, cancellationToken);
}
