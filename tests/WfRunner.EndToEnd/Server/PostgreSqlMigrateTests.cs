using WfRunner.EndToEnd.Support;
using WfRunner.Tests.Shared;

namespace WfRunner.EndToEnd.Server;

/// <summary><c>wf migrate</c> and the start of a server on PostgreSQL databases in all the states they can be in.</summary>
public sealed class PostgreSqlMigrateTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task An_empty_database_is_migrated_once()
    {
        using var folder = new TestFolder();
        var config = await ConfigureAsync(folder, await postgres.CreateDatabaseAsync());

        Assert.Equal("No table exist\n", (await Wf.RunAsync(folder, "migrate", "check", "-c", config)).Exits(0).Out);
        Assert.Equal("Migrations successfully finished\n", (await Wf.RunAsync(folder, "migrate", "run", "-c", config)).Exits(0).Out);
        Assert.Equal("No update\n", (await Wf.RunAsync(folder, "migrate", "run", "-c", config)).Exits(0).Out);
        Assert.Equal("No update\n", (await Wf.RunAsync(folder, "migrate", "check", "-c", config, "--exit-code")).Exits(0).Out);
    }

    [Fact]
    public async Task A_server_that_must_not_migrate_refuses_an_empty_database()
    {
        using var folder = new TestFolder();
        var config = await ConfigureAsync(folder, await postgres.CreateDatabaseAsync(), "database.migrate = false");

        var refused = (await Wf.RunAsync(folder, "server", "-c", config)).Exits(1);

        Assert.Contains("wf migrate run -c FILE", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_Digdag_is_refused_and_left_alone_unless_a_schema_is_named()
    {
        using var folder = new TestFolder();
        var database = await postgres.CreateDatabaseAsync();
        await postgres.ExecuteAsync(database, "CREATE TABLE session_attempts (id bigint); CREATE TABLE projects (id integer)");
        var config = await ConfigureAsync(folder, database);

        var refused = (await Wf.RunAsync(folder, "server", "-c", config)).Exits(1);
        var beside = await ConfigureAsync(folder, database, "database.schema = we\"ird");
        await Wf.RunAsync(folder, "migrate", "run", "-c", beside);

        Assert.Contains("the tables of a Digdag server", refused.Error, StringComparison.Ordinal);
        Assert.Equal(
            "projects\nsession_attempts",
            await postgres.QueryAsync(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"));
        Assert.Equal("1", await postgres.QueryAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'we\"ird' AND tablename = 'attempts'"));
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_without_its_password()
    {
        using var folder = new TestFolder();
        var config = await ConfigureAsync(folder, "nosuch", "database.password = s3cr3t-pw");

        var refused = (await Wf.RunAsync(folder, "server", "-c", config)).Exits(1);

        Assert.Contains($"PostgreSQL database nosuch at 127.0.0.1:{postgres.Port}", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-pw", refused.Error + refused.Out, StringComparison.Ordinal);
    }

    private async Task<string> ConfigureAsync(TestFolder folder, string database, string more = "")
    {
        var file = folder.PathOf($"{Guid.NewGuid():N}.properties");
        await File.WriteAllTextAsync(
            file,
            $"""
            database.type = postgresql
            database.host = 127.0.0.1
            database.port = {postgres.Port}
            database.user = {PostgresServer.User}
            database.password = {PostgresServer.Password}
            database.database = {database}
            server.port = 0
            {more}
            """);
        return file;
    }
}
