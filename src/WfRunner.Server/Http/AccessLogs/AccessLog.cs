using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;

namespace WfRunner.Server.Http.AccessLogs;

/// <summary>
/// Writes a line for each answered request to <c>access.log</c>, which is renamed to <c>access.DATE.log</c> when the day ends. Requests
/// are answered first and written down afterwards, by one writer. Digdag behaviour: server 6.4.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int MaximumWaiting = 10_000;

    private readonly Channel<(LocalDate Day, string Line)> _lines = Channel.CreateBounded<(LocalDate, string)>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly string _directory;
    private readonly AccessPattern _pattern;
    private readonly IClock _clock;
    private readonly DateTimeZone _zone;
    private readonly LogOutput _log;
    private readonly Task _writer;
    private bool _isBroken;

    public AccessLog(string directory, AccessPattern pattern, IClock clock, DateTimeZone zone, LogOutput log)
    {
        _directory = directory;
        _pattern = pattern;
        _clock = clock;
        _zone = zone;
        _log = log;
        Directory.CreateDirectory(directory);
        _writer = Task.Run(WriteAsync);
    }

    private string CurrentFile => Path.Combine(_directory, "access.log");

    /// <summary>Answers a request and writes it down.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        var at = _clock.GetCurrentInstant().InZone(_zone);
        var body = http.Response.Body;
        var counting = new CountingStream(body);
        http.Response.Body = counting;
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            http.Response.Body = body;
            var line = _pattern.Format(new AccessEntry(http, at, Stopwatch.GetElapsedTime(started), counting.Written));
            await _lines.Writer.WriteAsync((at.Date, line)).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var today = ExistingDay();
        StreamWriter? file = null;
        try
        {
            while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_lines.Reader.TryRead(out var entry))
                {
                    (file, today) = await WriteAsync(file, today, entry.Day, entry.Line).ConfigureAwait(false);
                }

                await FlushAsync(file).ConfigureAwait(false);
            }
        }
        finally
        {
            await CloseAsync(file).ConfigureAwait(false);
        }
    }

    private async Task<(StreamWriter? File, LocalDate? Today)> WriteAsync(StreamWriter? file, LocalDate? today, LocalDate day, string line)
    {
        try
        {
            if (today is { } current && day > current)
            {
                await CloseAsync(file).ConfigureAwait(false);
                file = null;
                File.Move(CurrentFile, Path.Combine(_directory, $"access.{LocalDatePattern.Iso.Format(current)}.log"), overwrite: true);
                today = null;
            }

            file ??= new StreamWriter(new FileStream(CurrentFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
            await file.WriteAsync(line + "\n").ConfigureAwait(false);
            _isBroken = false;
            return (file, today ?? day);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Complain(e);
            await CloseAsync(file).ConfigureAwait(false);
            return (null, today);
        }
    }

    private async Task FlushAsync(StreamWriter? file)
    {
        try
        {
            await (file?.FlushAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            Complain(e);
        }
    }

    private static async Task CloseAsync(StreamWriter? file)
    {
        try
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // Said when it was written to.
        }
    }

    // A full disk must not end the server, and is said once and not for every request.
    private void Complain(Exception e)
    {
        if (!_isBroken)
        {
            _isBroken = true;
            _log.WriteMain(TaskLogLevel.Error, $"The access log cannot be written: {e.Message}");
        }
    }

    // A file that was left over from another day belongs to that day.
    private LocalDate? ExistingDay() => File.Exists(CurrentFile)
        ? Instant.FromDateTimeUtc(File.GetLastWriteTimeUtc(CurrentFile)).InZone(_zone).Date
        : null;
}
