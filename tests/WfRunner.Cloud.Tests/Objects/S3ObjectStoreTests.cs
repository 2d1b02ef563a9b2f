using System.Net;
using NodaTime;
using WfRunner.Cloud.Objects;
using WfRunner.Tests.Shared;

namespace WfRunner.Cloud.Tests.Objects;

public sealed class S3ObjectStoreTests(S3Server server) : ObjectStoreContract, IClassFixture<S3Server>, IAsyncLifetime
{
    private readonly S3ObjectStore _store = Open(server, new S3Settings(S3Server.Bucket));

    protected override IObjectStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        foreach (var key in await server.KeysAsync())
        {
            await server.Client.DeleteObjectAsync(S3Server.Bucket, key, Cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_signed_address_gives_the_object_without_credentials()
    {
        await PutAsync("a b/c+d%.gz", Text);
        using var http = new HttpClient();

        var address = await _store.SignAsync("a b/c+d%.gz", Duration.FromMinutes(10));

        Assert.Equal(Text, await http.GetStringAsync(address, Cancellation));
        using var changed = await http.GetAsync(new Uri(address!.AbsoluteUri.Replace("X-Amz-Expires=", "X-Amz-Expires=1", StringComparison.Ordinal)), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_for_good()
    {
        using var stranger = Open(server, new S3Settings(S3Server.Bucket) { Key = (S3Server.AccessKeyId, "wrong") });

        var e = await Assert.ThrowsAsync<ObjectStoreException>(() => stranger.OpenAsync("a", 0, null, Cancellation));

        Assert.False(e.MayPass);
        Assert.StartsWith($"Failed to read s3://{S3Server.Bucket}/a: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_missing_is_no_object_that_is_missing()
    {
        using var nowhere = Open(server, new S3Settings("nowhere"));

        var e = await Assert.ThrowsAsync<ObjectStoreException>(() => nowhere.OpenAsync("a", 0, null, Cancellation));

        Assert.False(e.MayPass);
        Assert.Contains("bucket does not exist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_away_may_come_back()
    {
        using var nobody = new S3ObjectStore(
            new S3Settings("b") { Endpoint = "http://127.0.0.1:1", IsPathStyle = true, Key = ("a", "b") }, new NoLog());

        var e = await Assert.ThrowsAsync<ObjectStoreException>(() => nobody.DeleteAsync("a", Cancellation));

        Assert.True(e.MayPass);
    }

    [Fact]
    public async Task Long_lists_are_read_page_by_page()
    {
        const int Count = 1005;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count), Cancellation, async (i, _) => await server.PutAsync($"many/{i:0000}", "x"));

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"many/{i:0000}"), await KeysAsync("many/"));
    }

    private static S3ObjectStore Open(S3Server server, S3Settings settings) => new(
        settings with
        {
            Endpoint = server.Address,
            IsPathStyle = true,
            Key = settings.Key ?? (S3Server.AccessKeyId, S3Server.SecretAccessKey),
        },
        new NoLog());
}
