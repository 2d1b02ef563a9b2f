using WfRunner.Core.Engine;
using WfRunner.Runtime.Attempts;

namespace WfRunner.Runtime.Local;

/// <summary>
/// Keeps a local attempt's progress as status files: one for every task, group and generated task that succeeded. A task that
/// was skipped because it was not asked for leaves none, so that a later run does run it.
/// </summary>
public sealed class StatusJournal : IAttemptJournal, IAsyncDisposable
{
    private readonly StatusDirectory? _directory;
    private readonly TaskSelection _selection;

    /// <summary>Opens the journal.</summary>
    /// <param name="directory">The status files; null to keep nothing (<c>--no-save</c>).</param>
    /// <param name="selection">Which tasks were asked for.</param>
    public StatusJournal(StatusDirectory? directory, TaskSelection selection)
    {
        _directory = directory;
        _selection = selection;
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(AttemptChanges changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (_directory is not null)
        {
            foreach (var task in changes.Tasks.Where(t => _selection.IsToRun(t.FullName)))
            {
                if (task.State == TaskState.Success)
                {
                    _directory.WriteSucceeded(task);
                }
                else if (task.State == TaskState.Running)
                {
                    if (!_selection.IsResumable(task.FullName))
                    {
                        // Its old success must not outlive a new failure.
                        _directory.Remove(task.FullName);
                    }

                    _directory.Prepare();
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the journal: nothing is left but the files of successes.</summary>
    /// <returns>A task that ends with it.</returns>
    public ValueTask DisposeAsync() => _directory?.CloseAsync() ?? ValueTask.CompletedTask;
}
