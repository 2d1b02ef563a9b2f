using WfRunner.Storage.Triggers;

namespace WfRunner.Storage.Sql;

/// <summary>Triggers, in either database.</summary>
internal sealed class TriggerStore(ISqlDatabase database) : ITriggerStore
{
    public Task<IReadOnlyList<StoredTrigger>> ListAsync(int siteId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredTrigger>>(
            async (s, c) => await TriggerTable.ListAsync(s, siteId, c).ConfigureAwait(false), cancellationToken);

    public Task<IReadOnlyList<TriggerFiring>> ListFiringsAsync(long after, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TriggerFiring>>(
            async (s, c) => await TriggerTable.ListFiringsAsync(s, after, count, c).ConfigureAwait(false), cancellationToken);

    public Task<bool> ForgetAsync(TriggerFiring firing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(firing);
        return database.WriteAsync((s, c) => TriggerTable.ForgetAsync(s, firing, c), cancellationToken);
    }
}
