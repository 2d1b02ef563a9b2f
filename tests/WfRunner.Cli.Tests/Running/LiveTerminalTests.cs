using System.Text;
using NodaTime;
using WfRunner.Cli.Commands.Local.Running;
using WfRunner.Cli.Rendering;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Cli.Tests.Running;

/// <summary>The live view: what is written stays as it was written, and no line is wider than the terminal.</summary>
public sealed class LiveTerminalTests
{
    private const string Up = "\u001b[1A";
    private const string Clear = "\u001b[J";

    [Fact]
    public void Written_lines_go_above_the_area()
    {
        using var screen = new MemoryStream();
        using var terminal = new LiveTerminal(screen);
        terminal.Show(["one", "two"]);
        Write(terminal, "log\n");

        Assert.Equal($"one\ntwo\r{Up}{Clear}log\none\ntwo", Text(screen));
    }

    [Fact]
    public void An_unfinished_line_hides_the_area_until_it_ends()
    {
        using var screen = new MemoryStream();
        using var terminal = new LiveTerminal(screen);
        terminal.Show(["bar"]);
        Write(terminal, "par");
        terminal.Show(["bar 2"]);
        Write(terminal, "tial\n");

        Assert.Equal($"bar\r{Clear}partial\nbar 2", Text(screen));
    }

    [Fact]
    public void Nothing_is_drawn_again_that_is_the_same()
    {
        using var screen = new MemoryStream();
        using var terminal = new LiveTerminal(screen);
        terminal.Show(["bar"]);
        terminal.Show(["bar"]);
        terminal.Show([]);

        Assert.Equal($"bar\r{Clear}", Text(screen));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        var now = Instant.FromUtc(2026, 1, 1, 0, 2);
        var start = now - Duration.FromSeconds(75);
        var running = Enumerable.Range(0, 10).Select(i => new TaskProgress(new TaskId(i), $"+wf+日本の長い名前+{new string('x', i * 10)}", false)
        {
            State = TaskState.Running,
            StartedAt = start,
        }).ToList();
        var lines = LiveView.Lines(new RunMoment(running, 3, 1000, false), now, start, width, colored: false);

        Assert.Equal(8, lines.Count);
        Assert.All(lines, line => Assert.True(TerminalText.Width(line) <= width, $"{TerminalText.Width(line)}: {line}"));
        Assert.Contains("3/1000 tasks", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_counts_what_it_does_not_show()
    {
        var tasks = Enumerable.Range(0, 50).Select(i => new TaskProgress(new TaskId(i), $"+t{i}", false)
        {
            State = i == 7 ? TaskState.Error : TaskState.Success,
            IsSkipped = i > 40,
        }).ToList();

        Assert.Equal(
            "  failed    +t7  \n  ... 49 further tasks\n  1 failed, 9 skipped, 40 success in 2.0s\n",
            RunTable.Of(tasks, Duration.FromSeconds(2), colored: false, width: 80));
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private static string Text(MemoryStream screen) => Encoding.UTF8.GetString(screen.ToArray());
}
