using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace WfRunner.Server.Metrics;

/// <summary>What was measured by one instrument, by labels.</summary>
internal sealed class RecordedInstrument
{
    // Labels come from code, but some hold names of users' things; whoever makes too many gets one common series.
    private const int MaximumSeries = 1000;
    private const string Overflow = "overflow=\"true\"";

    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly bool _isSet;

    public RecordedInstrument(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        IsDistribution = type == typeof(Histogram<>);
        IsCounter = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        _isSet = instrument.IsObservable || type == typeof(Gauge<>);
        Name = NameOf(instrument, IsCounter);
        Help = instrument.Description ?? instrument.Name;
        Buckets = IsDistribution ? (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? DefaultBuckets : null;
    }

    /// <summary>Name as Prometheus writes names.</summary>
    public string Name { get; }

    public string Help { get; }

    public bool IsDistribution { get; }

    public bool IsCounter { get; }

    /// <summary>Upper bounds of the buckets; null unless it is a distribution.</summary>
    public IReadOnlyList<double>? Buckets { get; }

    /// <summary>Everything that was measured, by labels.</summary>
    public IReadOnlyList<(string Labels, MetricSeries Series)> Series =>
        [.. _series.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value))];

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            series = _series.GetOrAdd(_series.Count < MaximumSeries ? labels : Overflow, _ => new MetricSeries(Buckets));
        }

        if (_isSet)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    // Names and units as the OpenTelemetry specification maps them to Prometheus.
    private static string NameOf(Instrument instrument, bool isCounter)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "ms" => "_milliseconds",
            _ => string.Empty,
        };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? string.Empty : unit) + (isCounter ? "_total" : string.Empty);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return string.Empty;
        }

        var labels = new List<string>(tags.Length);
        foreach (var (key, value) in tags)
        {
            var name = string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            labels.Add($"{name}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => escaped.Append("\\\\"),
                '"' => escaped.Append("\\\""),
                '\n' => escaped.Append("\\n"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
