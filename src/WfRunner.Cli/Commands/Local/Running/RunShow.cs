using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>
/// How a run is shown: as Digdag's lines, with a live view below them on a terminal, or as JSON. Owns what is opened for that; the
/// run itself knows only a context, an output and an observer.
/// </summary>
internal sealed class RunShow : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly CommandContext _process;
    private readonly Instant _start;
    private readonly RunEvents? _events;
    private readonly LiveTerminal? _live;
    private LiveView? _view;

    private RunShow(CommandContext context, string format, bool noProgress)
    {
        _process = context;
        _start = context.Clock.GetCurrentInstant();
        Context = context;
        Output = Console.OpenStandardOutput();
        if (format != "text")
        {
            Progress = new RunProgress(context.Clock);
            _events = new RunEvents(context.Out, context.Clock, Progress, streams: format == "jsonl");
            OutputOf = format == "jsonl" ? _events.OutputOf : null;
            Output = Console.OpenStandardError();
            Context = Logging(context.Error, context.ErrorUsesColor);
        }
        else if (context.Terminal is { } terminal && !noProgress && context.LogTo is not null)
        {
            Progress = new RunProgress(context.Clock);
            _live = new LiveTerminal(Output);
            Output = _live;
            var writer = new StreamWriter(_live, new System.Text.UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
            _opened.Add(writer);
            Context = Logging(TextWriter.Synchronized(writer), terminal.IsColored);
        }
    }

    /// <summary>The context that the run logs to.</summary>
    public CommandContext Context { get; }

    /// <summary>Where tasks speak.</summary>
    public Stream Output { get; }

    /// <summary>Where a single task speaks; null for all on the one output.</summary>
    public Func<string, Stream>? OutputOf { get; }

    /// <summary>Watches the run; null when nobody needs it.</summary>
    public RunProgress? Progress { get; }

    /// <summary>Decides how a run is shown.</summary>
    /// <param name="format">The option's value; null for text.</param>
    /// <param name="noProgress">Whether no live view is wanted.</param>
    /// <param name="context">The process.</param>
    /// <exception cref="CommandLineException">There is no such format.</exception>
    public static RunShow Of(string? format, bool noProgress, CommandContext context) => format is null or "text" or "json" or "jsonl"
        ? new RunShow(context, format ?? "text", noProgress)
        : throw new CommandLineException($"Unknown output '{format}'. Use one of text, json and jsonl.");

    /// <summary>The run begins.</summary>
    public void Start(WorkflowDefinition definition, Instant session, string? status)
    {
        _events?.Started(definition.Name, session, definition.TimeZone, status);
        if (_live is not null && _process.Terminal is { } terminal)
        {
            _view = new LiveView(_live, Progress!, _process.Clock, terminal.Width, terminal.IsColored);
        }
    }

    /// <summary>The run ended: says how.</summary>
    public async Task FinishAsync(IReadOnlyList<TaskRecord> records, string? status, int code)
    {
        if (_view is not null)
        {
            await _view.DisposeAsync().ConfigureAwait(false);
            _view = null;
            var took = _process.Clock.GetCurrentInstant() - _start;
            await _process.Error.WriteAsync(RunTable.Of(Progress!.Tasks, took, _process.Terminal!.IsColored, _process.Terminal.Width())).ConfigureAwait(false);
        }

        _events?.Finished(Progress!, records, code, status);
        await RunSummary.WriteAsync(records, status, _process).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_view is not null)
        {
            await _view.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var opened in _opened)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
        }
    }

    private CommandContext Logging(TextWriter writer, bool colored) => _process.LogTo is { } open
        ? _process with { Log = open(writer, colored) }
        : _process;
}
