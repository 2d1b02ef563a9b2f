using System.Runtime.CompilerServices;
using System.Text;
using NodaTime;
using WfRunner.Cloud.Objects;

namespace WfRunner.Cloud.Tests.Objects;

public sealed class RetryingObjectStoreTests : IDisposable
{
    private readonly TroubledStore _inner = new();
    private readonly QuickTimers _timers = new();
    private readonly List<string> _told = [];
    private readonly RetryingObjectStore _store;

    public RetryingObjectStoreTests() => _store = new RetryingObjectStore(_inner, _timers, _told.Add);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_may_pass_is_tried_five_times_more_with_growing_pauses()
    {
        _inner.FailNext(5, mayPass: true);

        await _store.DeleteAsync("a", Cancellation);

        Assert.Equal([1, 3, 9, 27, 81], _timers.Pauses);
        Assert.Equal("trouble (trying again in 1 s: 1 of 5)", _told[0]);
        Assert.Equal("trouble (trying again in 81 s: 5 of 5)", _told[4]);
    }

    [Fact]
    public async Task The_sixth_failure_is_the_last()
    {
        _inner.FailNext(6, mayPass: true);

        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.DeleteAsync("a", Cancellation));

        Assert.Equal(6, _inner.Calls);
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again()
    {
        _inner.FailNext(1, mayPass: false);

        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.DeleteAsync("a", Cancellation));

        Assert.Equal(1, _inner.Calls);
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        _inner.BreaksAfter = 3;

        await using var opened = await _store.OpenAsync("a", 1, null, Cancellation);
        using var reader = new StreamReader(opened!.Content);

        Assert.Equal(TroubledStore.Text[1..], await reader.ReadToEndAsync(Cancellation));
        Assert.Equal(["1 -", "4 v1", "7 v1"], _inner.Opened);
    }

    [Fact]
    public async Task A_download_that_always_breaks_off_ends()
    {
        _inner.BreaksAfter = 0;
        await using var opened = await _store.OpenAsync("a", 0, null, Cancellation);

        await Assert.ThrowsAsync<ObjectStoreException>(() => opened!.Content.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task A_list_that_breaks_off_goes_on_where_it_was()
    {
        _inner.ListBreaksAt = "b";
        var keys = new List<string>();

        await foreach (var item in _store.ListAsync(string.Empty, Cancellation))
        {
            keys.Add(item.Key);
        }

        Assert.Equal(["a", "b", "c"], keys);
    }

    /// <summary>Timers whose time has always come.</summary>
    private sealed class QuickTimers : TimeProvider
    {
        public List<double> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Pauses.Add(dueTime.TotalSeconds);
            }

            return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class TroubledStore : IObjectStore
    {
        public const string Text = "0123456789";

        private int _failures;
        private bool _mayPass;

        public string Type => "troubled";

        public int Calls { get; private set; }

        public int? BreaksAfter { get; set; }

        public string? ListBreaksAt { get; set; }

        public List<string> Opened { get; } = [];

        public void FailNext(int count, bool mayPass) => (_failures, _mayPass) = (count, mayPass);

        public Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken)
        {
            Opened.Add($"{from} {version ?? "-"}");
            var bytes = Encoding.ASCII.GetBytes(Text[(int)from..]);
            return Task.FromResult<OpenedObject?>(new OpenedObject(new BreakingStream(bytes, BreaksAfter!.Value), bytes.Length, "v1"));
        }

        public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            foreach (var key in (string[])["a", "b", "c"])
            {
                if (ListBreaksAt == key)
                {
                    ListBreaksAt = null;
                    throw new ObjectStoreException("trouble", mayPass: true);
                }

                yield return new ListedObject(key, 0, Instant.MinValue);
            }
        }

        public Task DeleteAsync(string key, CancellationToken cancellationToken)
        {
            Calls++;
            return _failures-- > 0 ? throw new ObjectStoreException("trouble", _mayPass) : Task.CompletedTask;
        }

        public ValueTask<Uri?> SignAsync(string key, Duration life) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private sealed class BreakingStream(byte[] bytes, int breaksAfter) : MemoryStream(bytes)
        {
            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
                Position >= breaksAfter && Position < Length
                    ? throw new IOException("connection reset")
                    : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breaksAfter)], cancellationToken);
        }
    }
}
