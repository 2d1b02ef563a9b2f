using System.Globalization;
using System.Text;

namespace WfRunner.Server.Metrics;

/// <summary>Metrics in Prometheus's text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<RecordedInstrument> instruments)
    {
        var text = new StringBuilder();
        foreach (var family in instruments.GroupBy(i => i.Name))
        {
            var series = family.SelectMany(i => i.Series.Select(s => (Instrument: i, s.Labels, s.Series))).ToList();
            if (series.Count == 0)
            {
                continue;
            }

            var first = family.First();
            text.Append("# HELP ").Append(first.Name).Append(' ').Append(first.Help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(first.Name).Append(first.IsDistribution ? " histogram\n" : first.IsCounter ? " counter\n" : " gauge\n");
            foreach (var (instrument, labels, values) in series)
            {
                Append(text, instrument, labels, values);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, RecordedInstrument instrument, string labels, MetricSeries series)
    {
        var (value, count, buckets) = series.Read();
        if (instrument.Buckets is not { } bounds)
        {
            Line(instrument.Name, labels, value);
            return;
        }

        var below = 0L;
        for (var i = 0; i < bounds.Count; i++)
        {
            below += buckets[i];
            Line(instrument.Name + "_bucket", With(labels, Number(bounds[i])), below);
        }

        Line(instrument.Name + "_bucket", With(labels, "+Inf"), count);
        Line(instrument.Name + "_sum", labels, value);
        Line(instrument.Name + "_count", labels, count);

        void Line(string name, string with, double number)
        {
            text.Append(name);
            if (with.Length > 0)
            {
                text.Append('{').Append(with).Append('}');
            }

            text.Append(' ').Append(Number(number)).Append('\n');
        }
    }

    private static string With(string labels, string bound) => (labels.Length == 0 ? string.Empty : labels + ",") + $"le=\"{bound}\"";

    private static string Number(double number) => number switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };
}
