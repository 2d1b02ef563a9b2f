namespace WfRunner.Server.Metrics;

/// <summary>One line, or for a distribution several, of the metrics: an instrument with one set of labels. Safe for several threads.</summary>
/// <param name="buckets">Upper bounds of a distribution's buckets, ascending; null for a plain number.</param>
internal sealed class MetricSeries(IReadOnlyList<double>? buckets)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[(buckets?.Count ?? -1) + 1];
    private double _value;
    private long _count;

    /// <summary>Adds to a number, or a value to a distribution.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _value += value;
            if (buckets is not null)
            {
                _count++;
                _counts[BucketOf(value)]++;
            }
        }
    }

    /// <summary>Sets a number.</summary>
    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    /// <summary>What was collected.</summary>
    /// <returns>The number, or the sum of the distribution; its count; how many values are in each bucket, the last without bound.</returns>
    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_lock)
        {
            return (_value, _count, [.. _counts]);
        }
    }

    private int BucketOf(double value)
    {
        for (var i = 0; i < buckets!.Count; i++)
        {
            if (value <= buckets[i])
            {
                return i;
            }
        }

        return buckets.Count;
    }
}
