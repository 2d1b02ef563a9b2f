using System.Globalization;
using System.Runtime.CompilerServices;
using NodaTime;
using Polly;
using Polly.Retry;

namespace WfRunner.Cloud.Objects;

/// <summary>
/// A store that is asked again when a failure may pass: five times, after 1, 3, 9, 27 and 81 seconds. A download that breaks off goes on
/// where it was. Digdag behaviour: server 18.
/// </summary>
public sealed class RetryingObjectStore : IObjectStore
{
    private const int Retries = 5;

    private readonly IObjectStore _inner;
    private readonly TimeProvider _timers;
    private readonly Action<string>? _told;
    private readonly ResiliencePipeline _retries;

    /// <summary>Sets one up.</summary>
    /// <param name="inner">The store; disposed with this one.</param>
    /// <param name="timers">Makes the pauses.</param>
    /// <param name="told">Told of a failure that is followed by another try; null when nobody wants to know.</param>
    public RetryingObjectStore(IObjectStore inner, TimeProvider timers, Action<string>? told = null)
    {
        _inner = inner;
        _timers = timers;
        _told = told;
        _retries = new ResiliencePipelineBuilder { TimeProvider = timers }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                ShouldHandle = new PredicateBuilder().Handle<ObjectStoreException>(e => e.MayPass),
                DelayGenerator = static a => new ValueTask<TimeSpan?>(Pause(a.AttemptNumber)),
                OnRetry = a =>
                {
                    Tell(a.Outcome.Exception!, a.RetryDelay, a.AttemptNumber);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <inheritdoc/>
    public string Type => _inner.Type;

    /// <inheritdoc/>
    public Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) => _retries.ExecuteAsync(
        async c => await _inner.PutAsync(key, content, contentType, c).ConfigureAwait(false), cancellationToken).AsTask();

    /// <inheritdoc/>
    public async Task<OpenedObject?> OpenAsync(string key, long from, string? version, CancellationToken cancellationToken)
    {
        var opened = await OpenOnceAsync(key, from, version, cancellationToken).ConfigureAwait(false);
        return opened is null
            ? null
            : opened with
            {
                Content = new ResumedStream(opened, Retries, (read, c) => OpenOnceAsync(key, from + read, opened.Version, c)),
            };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A list that breaks off begins anew and leaves out what was told.
        string? last = null;
        for (var failures = 0; ;)
        {
            var found = _inner.ListAsync(prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (found.ConfigureAwait(false))
            {
                TimeSpan? pause;
                while ((pause = await StepAsync(found).ConfigureAwait(false)) is null)
                {
                    if (last is null || string.CompareOrdinal(found.Current.Key, last) > 0)
                    {
                        last = found.Current.Key;
                        yield return found.Current;
                    }
                }

                if (pause == TimeSpan.Zero)
                {
                    yield break;
                }

                await Task.Delay(pause.Value, _timers, cancellationToken).ConfigureAwait(false);
            }

            // Null when there is one more, zero at the end, else how long to wait before beginning anew.
            async Task<TimeSpan?> StepAsync(IAsyncEnumerator<ListedObject> list)
            {
                try
                {
                    return await list.MoveNextAsync().ConfigureAwait(false) ? null : TimeSpan.Zero;
                }
                catch (ObjectStoreException e) when (e.MayPass && failures < Retries)
                {
                    Tell(e, Pause(failures), failures);
                    return Pause(failures++);
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => _retries.ExecuteAsync(
        async c => await _inner.DeleteAsync(key, c).ConfigureAwait(false), cancellationToken).AsTask();

    /// <inheritdoc/>
    public ValueTask<Uri?> SignAsync(string key, Duration life) => _inner.SignAsync(key, life);

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private Task<OpenedObject?> OpenOnceAsync(string key, long from, string? version, CancellationToken cancellationToken) => _retries.ExecuteAsync(
        async c => await _inner.OpenAsync(key, from, version, c).ConfigureAwait(false), cancellationToken).AsTask();

    private static TimeSpan Pause(int failures) => TimeSpan.FromSeconds(Math.Pow(3, failures));

    private void Tell(Exception failure, TimeSpan pause, int failures) => _told?.Invoke(string.Create(
        CultureInfo.InvariantCulture, $"{failure.Message} (trying again in {pause.TotalSeconds:0} s: {failures + 1} of {Retries})"));
}
