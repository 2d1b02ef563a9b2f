using WfRunner.Storage.Sqlite;

namespace WfRunner.Storage.Tests;

public sealed class SqliteMemoryStoreTests : StoreContract
{
    protected override async Task<IStore> OpenAsync(CancellationToken cancellationToken) =>
        await SqliteStore.OpenMemoryAsync(Clock, cancellationToken);
}
