using WfRunner.Storage.Sqlite;

namespace WfRunner.Storage.Tests;

public sealed class SqliteFileStoreTests : StoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wf-store-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override async Task<IStore> OpenAsync(CancellationToken cancellationToken) =>
        await SqliteStore.OpenAsync(_directory, Clock, cancellationToken);
}
