using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.PostgreSql;
using WfRunner.Storage.Signals;
using WfRunner.Tests.Shared;

namespace WfRunner.Storage.Tests;

/// <summary>What only a store that is shared has.</summary>
public sealed class PostgreSqlStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_start_together_make_the_tables_once()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, await server.CreateDatabaseAsync());

        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(settings)));

        Assert.Equal("1", await server.QueryAsync(settings.Database, "SELECT count(*) FROM wf_migrations WHERE version = 1"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, await server.CreateDatabaseAsync());
        await (await OpenAsync(settings)).DisposeAsync();
        await server.ExecuteAsync(settings.Database, "INSERT INTO wf_migrations (version, applied_at) VALUES (9999, 0)");

        var refused = await Assert.ThrowsAsync<WorkflowException>(() => OpenAsync(settings));

        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_in_schemas_of_one_database_know_nothing_of_each_other()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, await server.CreateDatabaseAsync());
        await using var one = await OpenAsync(settings with { Schema = "one" });
        await using var two = await OpenAsync(settings with { Schema = "two" });
        var heard = new ConcurrentQueue<StoreSignal>();
        var (restored, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        two.Signals.Listen(Note);
        await restored.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await one.Signals.SendAsync(["from one"], Cancellation);
        await two.Signals.SendAsync(["from two"], Cancellation);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal([new StoreSignal.Message("from two")], heard);

        void Note(StoreSignal signal)
        {
            if (signal is StoreSignal.Restored)
            {
                restored.TrySetResult();
            }
            else
            {
                heard.Enqueue(signal);
                told.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task By_the_clock_of_the_database_a_node_whose_own_is_hours_ahead_takes_nothing()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, await server.CreateDatabaseAsync()) with { UsesDatabaseClock = true };
        await using var store = await OpenAsync(settings);
        await server.ExecuteAsync(
            settings.Database,
            """
            INSERT INTO projects (site_id, name, created_at) VALUES (0, 'p', 0);
            INSERT INTO revisions (project_id, name, archive_type, user_info, created_at) VALUES (1, 'r', 'db', '{}', 0);
            INSERT INTO workflows (revision_id, project_id, name, timezone, config) VALUES (1, 1, 'w', 'UTC', '{}');
            INSERT INTO sessions (project_id, workflow_name, session_time, uuid) VALUES (1, 'w', 0, '00000000-0000-0000-0000-000000000000');
            INSERT INTO attempts (session_id, site_id, project_id, workflow_id, name, idx, timezone, params, resumed_tasks, created_at)
                VALUES (1, 0, 1, 1, '', 1, 'UTC', '{}', '', 0);
            """);
        var now = SystemClock.Instance.GetCurrentInstant();
        var behind = now - Duration.FromHours(5);
        Assert.Single(await store.Attempts.AcquireAsync(new NodeClaim("behind", behind, behind + Duration.FromMinutes(1)), 10, 100, Cancellation));

        var ahead = now + Duration.FromHours(5);
        var claim = new NodeClaim("ahead", ahead, ahead + Duration.FromMinutes(1));
        Assert.Empty(await store.Attempts.AcquireAsync(claim, 10, 100, Cancellation));
        Assert.InRange((await store.Attempts.NextExpiryAsync(claim, Cancellation))!.Value, Duration.FromSeconds(1), Duration.FromMinutes(1));
    }

    [Fact]
    public async Task Ids_of_tasks_end_with_the_room_of_their_attempt()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, await server.CreateDatabaseAsync());
        await using var store = await OpenAsync(settings);
        var next = store.Attempts.OpenTaskIds(new AttemptId(12), new TaskId(12_999_998));

        Assert.Equal(12_999_999, next().Value);
        Assert.Equal(FailureKind.TaskLimitExceeded, Assert.Throws<WorkflowException>(() => next()).Kind);
        Assert.Equal(13_000_001, store.Attempts.OpenTaskIds(new AttemptId(13), null)().Value);
    }

    [Fact]
    public async Task Settings_show_no_password()
    {
        var settings = PostgreSqlContractTests.SettingsOf(server, "x") with { Password = "s3cr3t" };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync(settings with { Port = 1 }));

        Assert.DoesNotContain("s3cr3t", settings.ToString() + failure, StringComparison.Ordinal);
    }

    private static Task<PostgreSqlStore> OpenAsync(PostgreSqlSettings settings) =>
        PostgreSqlStore.OpenAsync(settings, migrates: true, SystemClock.Instance, Cancellation);
}
