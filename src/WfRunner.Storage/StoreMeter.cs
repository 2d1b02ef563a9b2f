using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WfRunner.Storage;

/// <summary>Measures what callers of a store wait for.</summary>
internal static class StoreMeter
{
    /// <summary>The name listeners know it by.</summary>
    public const string Name = "WfRunner.Storage";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "wf.store.duration",
        "s",
        "How long callers waited for the store, by what they wanted",
        null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30] });

    /// <summary>Waits for a piece of work and measures that.</summary>
    /// <typeparam name="T">What it returns.</typeparam>
    /// <param name="kind">What is done: read, write or save.</param>
    /// <param name="work">The work.</param>
    /// <returns>Its result.</returns>
    public static Task<T> MeasureAsync<T>(string kind, Task<T> work) => Duration.Enabled ? WaitAsync(kind, work) : work;

    private static async Task<T> WaitAsync<T>(string kind, Task<T> work)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await work.ConfigureAwait(false);
            outcome = "done";
            return result;
        }
        finally
        {
            Duration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("kind", kind),
                new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
