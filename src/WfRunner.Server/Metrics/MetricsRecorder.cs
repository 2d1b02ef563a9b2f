using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace WfRunner.Server.Metrics;

/// <summary>
/// Listens to the meters of a server and of what it is built on, and keeps what they measure for whoever asks. Own code rather than an
/// exporter: docs/decisions/0010-metrics.md tells why.
/// </summary>
internal sealed class MetricsRecorder : IDisposable
{
    private static readonly string[] OfTheProcess = ["System.Runtime", "WfRunner.Storage"];
    private static readonly string[] OfTheHost = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<Instrument, RecordedInstrument> _instruments = new();
    private readonly MeterListener _listener = new();

    /// <summary>Begins to listen.</summary>
    /// <param name="own">The server's own meter.</param>
    /// <param name="host">The web host's source of meters; a process may have several hosts.</param>
    public MetricsRecorder(Meter own, IMeterFactory host)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            if (ReferenceEquals(meter, own)
                || Array.IndexOf(OfTheProcess, meter.Name) >= 0
                || (Array.IndexOf(OfTheHost, meter.Name) >= 0 && ReferenceEquals(meter.Scope, host)))
            {
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, i => new RecordedInstrument(i)));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>Asks instruments that only answer when asked, and returns all, by name.</summary>
    public IReadOnlyList<RecordedInstrument> Read()
    {
        _listener.RecordObservableInstruments();
        return [.. _instruments.Values.OrderBy(i => i.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((RecordedInstrument)state!).Record(value, tags);
}
