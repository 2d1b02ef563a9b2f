using WfRunner.Cloud.Objects;
using WfRunner.Core;

namespace WfRunner.Cloud.Tests.Objects;

public sealed class LocalObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-objects-").FullName;

    protected override IObjectStore Store => new LocalObjectStore(Path.Combine(_folder, "objects"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    public async Task Keys_lead_nowhere_else(string key)
    {
        await Assert.ThrowsAsync<WorkflowException>(() => PutAsync(key, Text));
        await Assert.ThrowsAsync<WorkflowException>(() => Store.OpenAsync(key, 0, null, Cancellation));
        Assert.Equal(["objects"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).DefaultIfEmpty("objects"));
    }

    [Fact]
    public async Task What_could_not_be_stored_leaves_nothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync("a", new BrokenStream(), "text/plain", Cancellation));

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Folders_go_with_their_last_object()
    {
        await PutAsync("a/b/c", Text);
        await PutAsync("a/d", Text);

        await Store.DeleteAsync("a/b/c", Cancellation);

        Assert.False(Directory.Exists(Path.Combine(_folder, "objects", "a", "b")));
        Assert.Equal(["a/d"], await KeysAsync(string.Empty));
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new InvalidDataException("broken");
    }
}
