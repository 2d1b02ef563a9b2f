using System.Threading.Channels;
using WfRunner.Core;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>
/// Saves changes of attempts in groups: what queues up while one group is on its way is the next one, a single statement and a single
/// flush to disk for all of them. So an idle server saves at once, and a busy one spends no round trip on each change.
/// </summary>
internal sealed class SaveQueue : IAsyncDisposable
{
    // One group is written by the database while the next one is put together.
    private const int Writers = 2;
    private const int MaximumSaves = 200;
    private const int MaximumTasks = 2000;

    // Only who holds the lease, or repeats the end that he stored himself, gets a row in "held"; everything else depends on it.
    private static readonly string Statement =
        $"""
        WITH held AS (
            SELECT a.id, a.cancel_requested, w.ends AND NOT a.done AS ends, w.success, w.finished_at
            FROM attempts a JOIN unnest($1, $2, $3, $4, $5) AS w (id, token, ends, success, finished_at) ON w.id = a.id
            WHERE a.lease_token = w.token AND ((a.lease_node IS NOT NULL AND NOT a.done) OR (a.done AND w.ends))
            ORDER BY a.id FOR UPDATE OF a),
        saved AS (
            {TaskTable.Insert}
            SELECT {TaskTable.Columns("t.")}
            FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
                AS t ({TaskTable.Columns(string.Empty)}) JOIN held ON held.id = t.attempt_id
            {TaskTable.Update}),
        ended AS (
            UPDATE attempts a SET done = true, success = held.success, finished_at = held.finished_at, lease_node = NULL, lease_until = NULL
            FROM held WHERE a.id = held.id AND held.ends),
        fired AS (
            {TriggerTable.Fire}
                JOIN held e ON e.id = a.id WHERE e.ends AND e.success)
        SELECT id, cancel_requested FROM held
        """;

    private readonly PostgreSqlDatabase _database;
    private readonly Channel<Save> _queue = Channel.CreateUnbounded<Save>();
    private readonly Lock _taking = new();
    private readonly List<Task> _writers = [];

    public SaveQueue(PostgreSqlDatabase database)
    {
        _database = database;
        for (var i = 0; i < Writers; i++)
        {
            _writers.Add(Task.Run(WriteAsync));
        }
    }

    /// <summary>Saves; see <see cref="IAttemptStore.SaveAsync"/>.</summary>
    public Task<bool> SaveAsync(AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end, CancellationToken cancellationToken)
    {
        var save = new Save(lease, tasks, end);
        return _queue.Writer.TryWrite(save)
            ? StoreMeter.MeasureAsync("save", save.Done.Task.WaitAsync(cancellationToken))
            : Task.FromException<bool>(new WorkflowException(FailureKind.Database, "The database is closed"));
    }

    /// <summary>Ends when everything that was asked for is saved.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_writers).ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (Next() is { Count: > 0 } group)
            {
                await WriteAsync(group).ConfigureAwait(false);
            }
        }
    }

    // An attempt has one row in a group: a second save of it, by a holder that lost it meanwhile, opens the next one.
    private List<Save> Next()
    {
        var (group, attempts, tasks) = (new List<Save>(), new HashSet<AttemptId>(), 0);
        lock (_taking)
        {
            while (group.Count < MaximumSaves
                && tasks < MaximumTasks
                && _queue.Reader.TryPeek(out var next)
                && attempts.Add(next.Lease.AttemptId)
                && _queue.Reader.TryRead(out var save))
            {
                group.Add(save);
                tasks += save.Tasks.Count;
            }
        }

        return group;
    }

    private async Task WriteAsync(List<Save> group)
    {
        try
        {
            var held = await _database.ReadAsync((s, c) => ExecuteAsync(s, group, c), CancellationToken.None).ConfigureAwait(false);
            foreach (var save in group)
            {
                if (held.TryGetValue(save.Lease.AttemptId, out var isCancelled))
                {
                    save.Done.TrySetResult(isCancelled);
                }
                else
                {
                    save.Done.TrySetException(new LeaseLostException(save.Lease));
                }
            }
        }
        catch (StoreUnavailableException e)
        {
            group.ForEach(s => s.Done.TrySetException(e));
        }
        catch (WorkflowException) when (group.Count > 1)
        {
            // One of them may be to blame: the others are not to suffer for it.
            foreach (var save in group)
            {
                await WriteAsync([save]).ConfigureAwait(false);
            }
        }
        catch (WorkflowException e)
        {
            group[0].Done.TrySetException(e);
        }
#pragma warning disable CA1031 // Whoever waits must hear of it, and the next group must be written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            group.ForEach(s => s.Done.TrySetException(e));
        }
    }

    private static async Task<Dictionary<AttemptId, bool>> ExecuteAsync(PostgreSqlSession session, List<Save> group, CancellationToken cancellationToken)
    {
        var tasks = group.SelectMany(s => s.Tasks.Select(t => (s.Lease.AttemptId, t))).ToList();
        Argument[] arguments =
        [
            group.Select(s => s.Lease.AttemptId.Value).ToArray(),
            group.Select(s => s.Lease.Token).ToArray(),
            group.Select(s => s.End is not null).ToArray(),
            group.Select(s => s.End?.IsSuccess ?? false).ToArray(),
            group.Select(s => Columns.Number(s.End?.At)).ToArray(),
            .. TaskTable.Arrays(tasks),
        ];
        var rows = await session.QueryAsync(
            Statement, static r => (Id: new AttemptId(r.GetInt64(0)), IsCancelled: r.GetBoolean(1)), cancellationToken, arguments)
            .ConfigureAwait(false);
        return rows.ToDictionary(r => r.Id, r => r.IsCancelled);
    }

    private sealed record Save(AttemptLease Lease, IReadOnlyList<TaskRecord> Tasks, AttemptEnd? End)
    {
        // Callers must not go on on the writer's thread.
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
