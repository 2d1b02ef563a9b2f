using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace WfRunner.Runtime.Logging;

/// <summary>Writes each record in one call, so that lines of several tasks never mix.</summary>
internal sealed class TextWriterSink(TextWriter writer, ITextFormatter formatter) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        using var record = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        formatter.Format(logEvent, record);
        writer.Write(record.GetStringBuilder().ToString());
        writer.Flush();
    }
}
