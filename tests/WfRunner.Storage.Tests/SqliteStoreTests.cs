using Microsoft.Data.Sqlite;
using NodaTime;
using WfRunner.Core;
using WfRunner.Storage.Sqlite;

namespace WfRunner.Storage.Tests;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wf-store-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_database_belongs_to_one_process_at_a_time()
    {
        await using var first = await OpenAsync();

        var refused = await Assert.ThrowsAsync<WorkflowException>(OpenAsync);

        Assert.Contains("in use by another server", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_database_can_be_opened_again()
    {
        await (await OpenAsync()).DisposeAsync();

        await using var again = await OpenAsync();

        Assert.Empty(await again.Projects.ListAsync(0, null, 10, string.Empty, Cancellation));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("INSERT INTO schema_migrations (version, applied_at) VALUES (9999, 0)");

        var refused = await Assert.ThrowsAsync<WorkflowException>(OpenAsync);

        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_Digdag_is_refused_with_its_name()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "digdag.mv.db"), "H2", Cancellation);

        var refused = await Assert.ThrowsAsync<WorkflowException>(OpenAsync);

        Assert.Contains("digdag.mv.db", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_directory));
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(_directory, SystemClock.Instance, Cancellation);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "wf.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
