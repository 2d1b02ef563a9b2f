using System.Text;
using NodaTime;
using WfRunner.Cloud.Objects;

namespace WfRunner.Cloud.Tests.Objects;

/// <summary>What every store of objects does alike.</summary>
public abstract class ObjectStoreContract
{
    protected const string Text = "the bytes of an object";

    /// <summary>An empty store.</summary>
    protected abstract IObjectStore Store { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_is_read()
    {
        await PutAsync("a/b.txt", Text);

        Assert.Equal(Text, await ReadAsync("a/b.txt"));
    }

    [Theory]
    [InlineData("0/bXk/r1.tar.gz")]
    [InlineData("2026-03-04/0.3däily@20260304T000000+0900/+a b+c%&=?#@69a7bc80075bcd15.4242@host.log.gz")]
    [InlineData("日本/語")]
    public async Task Keys_may_hold_anything(string key)
    {
        await PutAsync(key, Text);

        Assert.Equal(Text, await ReadAsync(key));
        Assert.Equal([key], await KeysAsync(string.Empty));
        await Store.DeleteAsync(key, Cancellation);
        Assert.Empty(await KeysAsync(string.Empty));
    }

    [Fact]
    public async Task What_is_stored_again_is_replaced()
    {
        await PutAsync("a", "old and long");
        await PutAsync("a", "new");

        Assert.Equal("new", await ReadAsync("a"));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        await PutAsync("a", string.Empty);

        Assert.Equal(string.Empty, await ReadAsync("a"));
    }

    [Fact]
    public async Task Reading_may_begin_in_the_middle()
    {
        await PutAsync("a", Text);

        await using var whole = await Store.OpenAsync("a", 0, null, Cancellation);
        await using var rest = await Store.OpenAsync("a", 4, whole!.Version, Cancellation);

        Assert.Equal(Text.Length - 4, rest!.Length);
        Assert.Equal(Text[4..], await TextOfAsync(rest));
    }

    [Fact]
    public async Task What_is_missing_is_told()
    {
        Assert.Null(await Store.OpenAsync("a/b", 0, null, Cancellation));
        await Store.DeleteAsync("a/b", Cancellation);
    }

    [Fact]
    public async Task Lists_are_in_order_and_hold_what_begins_with_the_prefix()
    {
        foreach (var key in (string[])["b/2", "a", "b/10", "b/1", "bc", "b/3/x"])
        {
            await PutAsync(key, key);
        }

        Assert.Equal(["b/1", "b/10", "b/2", "b/3/x"], await KeysAsync("b/"));
        Assert.Equal(["b/1", "b/10"], await KeysAsync("b/1"));
        Assert.Empty(await KeysAsync("c/"));
        Assert.Equal(6, (await KeysAsync(string.Empty)).Count);
    }

    [Fact]
    public async Task Lists_tell_sizes_and_times()
    {
        var before = SystemClock.Instance.GetCurrentInstant() - Duration.FromSeconds(2);
        await PutAsync("a", Text);

        ListedObject? found = null;
        await foreach (var item in Store.ListAsync("a", Cancellation))
        {
            found = item;
        }

        Assert.Equal(Text.Length, found!.Value.Size);
        Assert.InRange(found.Value.ModifiedAt, before, SystemClock.Instance.GetCurrentInstant() + Duration.FromSeconds(2));
    }

    protected async Task PutAsync(string key, string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        content.Position = content.Length;
        await Store.PutAsync(key, content, "text/plain", Cancellation);
        Assert.True(content.CanRead);
    }

    protected async Task<string> ReadAsync(string key)
    {
        await using var opened = await Store.OpenAsync(key, 0, null, Cancellation);
        return await TextOfAsync(opened!);
    }

    protected async Task<IReadOnlyList<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var item in Store.ListAsync(prefix, Cancellation))
        {
            keys.Add(item.Key);
        }

        return keys;
    }

    private static async Task<string> TextOfAsync(OpenedObject opened)
    {
        using var reader = new StreamReader(opened.Content);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
