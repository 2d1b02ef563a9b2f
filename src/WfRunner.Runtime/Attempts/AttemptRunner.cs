using System.Threading.Channels;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Runtime.Attempts;

/// <summary>
/// Runs one attempt to its end: feeds events to the <see cref="AttemptMachine"/>, saves what they change, and only then hands
/// tasks out. The same class drives a local run and a server's attempts. One call of <see cref="RunAsync"/> per instance; all of
/// the machine's work happens in that call, events reach it through a channel.
/// </summary>
public sealed class AttemptRunner : IDisposable
{
    private readonly AttemptMachine _machine;
    private readonly AttemptInfo _attempt;
    private readonly ITaskRunner _tasks;
    private readonly IAttemptJournal _journal;
    private readonly IClock _clock;
    private readonly Action<EngineNotice> _notice;

    // The thread on which a task ended goes on with what that changes: handing over to another would cost more than the work.
    private readonly Channel<AttemptEvent> _events = Channel.CreateUnbounded<AttemptEvent>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly CancellationTokenSource _killTasks = new();

    /// <summary>Sets a run up.</summary>
    /// <param name="machine">The attempt's tasks, not yet started or as a store kept them.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="tasks">Calls operators; bounds how many run at once.</param>
    /// <param name="journal">Keeps the changes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="notice">Told the engine's log lines.</param>
    public AttemptRunner(
        AttemptMachine machine,
        AttemptInfo attempt,
        ITaskRunner tasks,
        IAttemptJournal journal,
        IClock clock,
        Action<EngineNotice> notice)
    {
        _machine = machine;
        _attempt = attempt;
        _tasks = tasks;
        _journal = journal;
        _clock = clock;
        _notice = notice;
    }

    /// <summary>
    /// Asks the attempt to stop: running operators are cancelled, no new task starts, tasks become canceled. May be called from
    /// any thread, more than once.
    /// </summary>
    public void RequestCancel() => _events.Writer.TryWrite(new AttemptEvent.CancelRequested(_clock.GetCurrentInstant()));

    /// <summary>Runs until the attempt is done.</summary>
    /// <param name="cancellationToken">
    /// Ends the run where it stands, as a crash would: running operators are cancelled and awaited, their outcome is not saved,
    /// and a later run of the same attempt calls them again.
    /// </param>
    /// <returns>The root task as it ended.</returns>
    /// <exception cref="OperationCanceledException">The run was ended from outside.</exception>
    /// <exception cref="AttemptLostException">Another node owns the attempt now.</exception>
    public async Task<TaskRecord> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _killTasks.Token);
        var running = new List<Task>();
        try
        {
            var changes = await ApplyAsync(new AttemptEvent.Started(_clock.GetCurrentInstant()), cancellationToken).ConfigureAwait(false);
            while (!changes.IsFinished)
            {
                // The save may have taken long: nothing begins that nobody wants any more.
                cancellationToken.ThrowIfCancellationRequested();
                HandOut(changes.ToRun, running, stop.Token, cancellationToken);
                var next = await NextEventAsync(changes.NextDue, cancellationToken).ConfigureAwait(false);
                changes = await ApplyAsync(next, cancellationToken).ConfigureAwait(false);
                if (next is AttemptEvent.CancelRequested)
                {
                    await _killTasks.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await KeepSuccessesAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await _killTasks.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _machine.Root;
    }

    /// <inheritdoc/>
    public void Dispose() => _killTasks.Dispose();

    private void HandOut(IReadOnlyList<TaskRecord> tasks, List<Task> running, CancellationToken killed, CancellationToken ended)
    {
        foreach (var task in tasks)
        {
            var run = RunTaskAsync(task, _machine.ParametersOf(task.Id), killed, ended);
            if (run.IsCompletedSuccessfully)
            {
                continue;
            }

            // Forget finished ones whenever the list is about to grow: constant cost a task however many there are.
            if (running.Count == running.Capacity)
            {
                running.RemoveAll(static t => t.IsCompleted);
            }

            running.Add(run);
        }
    }

    // What had succeeded before the run was ended need not run again.
    private async Task KeepSuccessesAsync()
    {
        while (_events.Reader.TryRead(out var what))
        {
            if (what is AttemptEvent.TaskSucceeded)
            {
                await ApplyAsync(what, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<AttemptChanges> ApplyAsync(AttemptEvent what, CancellationToken cancellationToken)
    {
        var changes = _machine.Advance(what);
        if (changes.Tasks.Count > 0)
        {
            await _journal.SaveAsync(changes, cancellationToken).ConfigureAwait(false);
        }

        foreach (var notice in changes.Notices)
        {
            _notice(notice);
        }

        return changes;
    }

    private async ValueTask<AttemptEvent> NextEventAsync(Instant? due, CancellationToken cancellationToken)
    {
        if (_events.Reader.TryRead(out var ready))
        {
            return ready;
        }

        if (due is not { } at)
        {
            return await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var pause = at - _clock.GetCurrentInstant();
        if (pause <= Duration.Zero)
        {
            return new AttemptEvent.TimePassed(_clock.GetCurrentInstant());
        }

        // Round up: a timer that fires a fraction early would only spin.
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(pause.TotalMilliseconds, int.MaxValue - 1))));
        try
        {
            return await _events.Reader.ReadAsync(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AttemptEvent.TimePassed(_clock.GetCurrentInstant());
        }
    }

    private async Task RunTaskAsync(
        TaskRecord task, ConfigMap parameters, CancellationToken killed, CancellationToken ended)
    {
        var what = await _tasks.RunAsync(_attempt, task, parameters, killed).ConfigureAwait(false);
        if (!ended.IsCancellationRequested)
        {
            _events.Writer.TryWrite(what);
        }
    }
}
