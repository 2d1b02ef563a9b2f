using System.Globalization;
using NodaTime;
using Serilog.Events;
using Serilog.Formatting;

namespace WfRunner.Runtime.Logging;

/// <summary>
/// Prints records as Digdag does: <c>2016-12-08 20:16:02 +0900 [INFO] (main): message</c>, the logging class left out
/// (cli-local 5.2).
/// </summary>
internal sealed class DigdagLineFormatter(DateTimeZone zone, bool withMilliseconds, bool colored) : ITextFormatter
{
    private const string Reset = "\u001b[0;39m";

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (colored)
        {
            output.Write(Color(logEvent.Level));
        }

        var local = Instant.FromDateTimeOffset(logEvent.Timestamp).InZone(zone);
        output.Write(DigdagTimestamp.Format(local, withMilliseconds));
        output.Write(" [");
        output.Write(Word(logEvent.Level));
        output.Write("] (");
        output.Write(logEvent.Properties.TryGetValue(LogOutput.ThreadProperty, out var thread) && thread is ScalarValue { Value: string name }
            ? name
            : "main");
        output.Write("): ");
        output.Write(logEvent.MessageTemplate.Text);
        output.Write('\n');
        if (colored)
        {
            output.Write(Reset);
        }
    }

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRACE",
        LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARN",
        _ => "ERROR",
    };

    private static string Color(LogEventLevel level) => "\u001b[" + (level switch
    {
        LogEventLevel.Verbose => 34,
        LogEventLevel.Debug => 37,
        LogEventLevel.Information => 32,
        LogEventLevel.Warning => 33,
        _ => 35,
    }).ToString(CultureInfo.InvariantCulture) + "m";
}
