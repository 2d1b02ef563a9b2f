using NodaTime;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using WfRunner.Core.Operators;

namespace WfRunner.Runtime.Logging;

/// <summary>
/// The process's log: opened once, written to by name of the thread that Digdag would print, such as <c>main</c> or
/// <c>0001@+wf+task</c>.
/// </summary>
public sealed class LogOutput : IDisposable
{
    private readonly Logger _logger;

    private LogOutput(Logger logger) => _logger = logger;

    /// <summary>Name of the property that carries the thread's name.</summary>
    internal const string ThreadProperty = "Thread";

    /// <summary>A log that drops everything.</summary>
    public static LogOutput None { get; } = new(new LoggerConfiguration().CreateLogger());

    /// <summary>Logs to a text writer, normally standard output.</summary>
    /// <param name="writer">The writer; every record is written in one piece.</param>
    /// <param name="level">The least serious level that is written.</param>
    /// <param name="zone">The zone that times are printed in.</param>
    /// <param name="colored">Whether whole records are coloured by level (cli-local 5.2).</param>
    /// <returns>The log.</returns>
    public static LogOutput ToWriter(TextWriter writer, TaskLogLevel level, DateTimeZone zone, bool colored)
    {
        var formatter = new DigdagLineFormatter(zone, withMilliseconds: false, colored);
        return new LogOutput(Configure(level).WriteTo.Sink(new TextWriterSink(writer, formatter)).CreateLogger());
    }

    /// <summary>Logs to a file that rolls at 10 MB and keeps five older ones (cli-local 5.3).</summary>
    /// <param name="path">The file.</param>
    /// <param name="level">The least serious level that is written.</param>
    /// <param name="zone">The zone that times are printed in.</param>
    /// <returns>The log.</returns>
    public static LogOutput ToFile(string path, TaskLogLevel level, DateTimeZone zone)
    {
        var formatter = new DigdagLineFormatter(zone, withMilliseconds: true, colored: false);
        return new LogOutput(Configure(level).WriteTo.Sink(new RollingGzipFileSink(path, formatter)).CreateLogger());
    }

    /// <summary>Whether a level is written at all.</summary>
    /// <param name="level">The level.</param>
    /// <returns>Whether it is written.</returns>
    public bool IsEnabled(TaskLogLevel level) => _logger.IsEnabled(ToSerilog(level));

    /// <summary>Writes one record.</summary>
    /// <param name="level">The level.</param>
    /// <param name="thread">The thread's name.</param>
    /// <param name="message">The text, which may have several lines.</param>
    public void Write(TaskLogLevel level, string thread, string message)
    {
        var serilogLevel = ToSerilog(level);
        if (!_logger.IsEnabled(serilogLevel))
        {
            return;
        }

        // The message is data, never a template: a query may hold braces.
        _logger.Write(new LogEvent(
            DateTimeOffset.UtcNow,
            serilogLevel,
            exception: null,
            new MessageTemplate([new Serilog.Parsing.TextToken(message)]),
            [new LogEventProperty(ThreadProperty, new ScalarValue(thread))]));
    }

    /// <summary>The log of the main thread.</summary>
    /// <param name="level">The level.</param>
    /// <param name="message">The text.</param>
    public void WriteMain(TaskLogLevel level, string message) => Write(level, "main", message);

    /// <summary>A log for one thread name.</summary>
    /// <param name="thread">The thread's name.</param>
    /// <returns>The log.</returns>
    public ITaskLog ForThread(string thread) => new ThreadLog(this, thread);

    /// <summary>Flushes and closes.</summary>
    public void Dispose() => _logger.Dispose();

    private static LoggerConfiguration Configure(TaskLogLevel level) => new LoggerConfiguration().MinimumLevel.Is(ToSerilog(level));

    private static LogEventLevel ToSerilog(TaskLogLevel level) => level switch
    {
        TaskLogLevel.Trace => LogEventLevel.Verbose,
        TaskLogLevel.Debug => LogEventLevel.Debug,
        TaskLogLevel.Info => LogEventLevel.Information,
        TaskLogLevel.Warn => LogEventLevel.Warning,
        TaskLogLevel.Error => LogEventLevel.Error,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    private sealed class ThreadLog(LogOutput output, string thread) : ITaskLog
    {
        public bool IsEnabled(TaskLogLevel level) => output.IsEnabled(level);

        public void Write(TaskLogLevel level, string message) => output.Write(level, thread, message);
    }
}
