using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>
/// A run for programs: one JSON object a line for everything that happens, or one object at the end. Lines are written whole, by
/// whatever thread.
/// </summary>
internal sealed class RunEvents
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TextWriter _writer;
    private readonly IClock _clock;
    private readonly bool _streams;

    /// <summary>Begins to write.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">The run.</param>
    /// <param name="streams">Whether every event is written, not only the end.</param>
    public RunEvents(TextWriter writer, IClock clock, RunProgress progress, bool streams)
    {
        _writer = writer;
        _clock = clock;
        _streams = streams;
        if (streams)
        {
            progress.Changed += (task, record) => Write("task", json => WriteTask(json, task, record));
        }
    }

    /// <summary>The run begins.</summary>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="session">The session time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <param name="status">Directory of status files, if any.</param>
    public void Started(string workflow, Instant session, DateTimeZone zone, string? status)
    {
        if (_streams)
        {
            Write("started", json =>
            {
                json.WriteString("workflow", workflow);
                json.WriteString("sessionTime", SessionTimeText.Iso(session, zone));
                WriteStatus(json, status);
            });
        }
    }

    /// <summary>The run ended.</summary>
    /// <param name="progress">The run.</param>
    /// <param name="records">Its tasks.</param>
    /// <param name="exitCode">Exit code of the command.</param>
    /// <param name="status">Directory of status files, if any.</param>
    public void Finished(RunProgress progress, IReadOnlyList<TaskRecord> records, int exitCode, string? status) => Write("finished", json =>
    {
        json.WriteString("state", records[0].State.ApiName());
        json.WriteNumber("exitCode", exitCode);
        WriteStatus(json, status);
        if (_streams)
        {
            return;
        }

        var byId = records.ToDictionary(r => r.Id);
        json.WriteStartArray("tasks");
        foreach (var task in progress.Tasks)
        {
            json.WriteStartObject();
            WriteTask(json, task, byId.GetValueOrDefault(task.Id));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Where a task speaks: each line becomes an event.</summary>
    /// <param name="taskName">Full name of the task.</param>
    public Stream OutputOf(string taskName) => new LineStream(line => Write("output", json =>
    {
        json.WriteString("task", taskName);
        json.WriteString("text", line);
    }));

    private void Write(string kind, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("event", kind);
            json.WriteString("time", InstantPattern.ExtendedIso.Format(_clock.GetCurrentInstant()));
            write(json);
            json.WriteEndObject();
        }

        _writer.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    private static void WriteStatus(Utf8JsonWriter json, string? status)
    {
        if (status is not null)
        {
            json.WriteString("statusDirectory", status);
        }
    }

    private static void WriteTask(Utf8JsonWriter json, TaskProgress task, TaskRecord? record)
    {
        json.WriteNumber("id", task.Id.Value);
        json.WriteString("task", task.FullName);
        json.WriteBoolean("group", task.IsGroup);
        json.WriteString("state", task.State.ApiName());
        if (task.IsSkipped)
        {
            json.WriteBoolean("skipped", true);
        }

        if (task.Took is { } took)
        {
            json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
        }

        if (record is { RetryCount: > 0 })
        {
            json.WriteNumber("retryCount", record.RetryCount);
        }

        if (task.IsDone && record is { Error.IsEmpty: false })
        {
            json.WritePropertyName("error");
            json.WriteRawValue(ConfigJson.Write(record.Error));
        }
    }

    // Bytes to lines; an unfinished line counts when the task ends or flushes at its end.
    private sealed class LineStream(Action<string> write) : WriteOnlyStream
    {
        private readonly MemoryStream _line = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_line)
            {
                while (buffer.IndexOf((byte)'\n') is var end and >= 0)
                {
                    _line.Write(buffer[..end]);
                    Emit();
                    buffer = buffer[(end + 1)..];
                }

                _line.Write(buffer);
            }
        }

        public override void Flush()
        {
        }

        protected override void Dispose(bool disposing)
        {
            lock (_line)
            {
                if (disposing && _line.Length > 0)
                {
                    Emit();
                }
            }

            base.Dispose(disposing);
        }

        private void Emit()
        {
            write(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd('\r'));
            _line.SetLength(0);
        }
    }
}
