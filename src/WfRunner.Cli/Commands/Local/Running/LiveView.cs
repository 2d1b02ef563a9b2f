using System.Globalization;
using NodaTime;
using WfRunner.Cli.Rendering;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>What a terminal shows below the log while a run goes on: the running tasks with their times, and how much is done.</summary>
internal sealed class LiveView : IAsyncDisposable
{
    private const int MostTasks = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly LiveTerminal _terminal;
    private readonly RunProgress _progress;
    private readonly IClock _clock;
    private readonly Func<int> _width;
    private readonly bool _colored;
    private readonly Instant _start;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Begins to show a run.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="progress">The run.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="width">Columns of the terminal, which may change.</param>
    /// <param name="colored">Whether colours are wanted.</param>
    public LiveView(LiveTerminal terminal, RunProgress progress, IClock clock, Func<int> width, bool colored)
    {
        _terminal = terminal;
        _progress = progress;
        _clock = clock;
        _width = width;
        _colored = colored;
        _start = clock.GetCurrentInstant();
        _loop = LoopAsync();
    }

    /// <summary>The lines for a moment.</summary>
    /// <param name="moment">What goes on.</param>
    /// <param name="now">The moment.</param>
    /// <param name="start">When the run began.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="colored">Whether colours are wanted.</param>
    public static IReadOnlyList<string> Lines(RunMoment moment, Instant now, Instant start, int width, bool colored)
    {
        var running = moment.Running;
        var lines = running.Take(MostTasks).Select(t => Line(t, now, width, colored)).ToList();
        if (running.Count > MostTasks)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  and {running.Count - MostTasks} more"));
        }

        lines.Add(Bar(moment, now - start, width, colored));
        return lines;
    }

    /// <summary>Takes the lines away.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _terminal.Show([]);
        _stop.Dispose();
    }

    private static string Line(TaskProgress task, Instant now, int width, bool colored)
    {
        var time = TerminalText.Time(now - (task.StartedAt ?? now));
        var name = TerminalText.Cut(task.FullName, Math.Max(8, width - time.Length - 7));
        return $"  {TerminalText.Painted("▸", "36", colored)} {name}  {TerminalText.Painted(time, "2", colored)}";
    }

    private static string Bar(RunMoment moment, Duration elapsed, int width, bool colored)
    {
        var counts = string.Create(CultureInfo.InvariantCulture, $" {moment.Done}/{moment.All} tasks  {TerminalText.Time(elapsed)}");
        var length = Math.Clamp(width - counts.Length - 3, 0, 30);
        var filled = moment.All == 0 ? 0 : moment.Done * length / moment.All;
        var bar = TerminalText.Painted(new string('━', filled), moment.HasFailed ? "31" : "32", colored) + TerminalText.Painted(new string('─', length - filled), "2", colored);
        return TerminalText.Width(counts) + 3 > width ? TerminalText.Cut(counts.Trim(), width - 1) : $"  {bar}{counts}";
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            _terminal.Show(Lines(_progress.Now, _clock.GetCurrentInstant(), _start, _width(), _colored));
        }
    }
}
