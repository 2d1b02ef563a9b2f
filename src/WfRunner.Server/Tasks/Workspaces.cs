using System.Globalization;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.Tasks;

/// <summary>
/// The folders that tasks work in: a fresh one for every call of an operator, with the files of its revision, gone afterwards.
/// Digdag behaviour: server 13.
/// </summary>
internal sealed class Workspaces
{
    private readonly RevisionCache _revisions;
    private readonly string _root;

    /// <summary>Sets them up.</summary>
    /// <param name="revisions">Gives the files.</param>
    /// <param name="root">Absolute path of the folder for them.</param>
    public Workspaces(RevisionCache revisions, string root)
    {
        _revisions = revisions;
        _root = root;
        Empty = new EmptyWorkspace(Path.Combine(_root, "empty"));
        Directory.CreateDirectory(Empty.ProjectDirectory);
    }

    /// <summary>A folder for tasks that read no file of the project; all share it.</summary>
    public ITaskWorkspace Empty { get; }

    /// <summary>Makes a folder for one call.</summary>
    public async Task<ITaskWorkspace> OpenAsync(AttemptInfo attempt, TaskId task, CancellationToken cancellationToken)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{attempt.ProjectId}_{attempt.WorkflowName.Replace('/', '_')}_{attempt.AttemptId}_{task}_{Random.Shared.NextInt64():x}");
        var workspace = new Workspace(Path.Combine(_root, name));
        try
        {
            Directory.CreateDirectory(workspace.ProjectDirectory);
            await _revisions.CopyAsync(attempt, workspace.ProjectDirectory, cancellationToken).ConfigureAwait(false);
            return workspace;
        }
        catch
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private sealed class EmptyWorkspace(string directory) : ITaskWorkspace
    {
        public string ProjectDirectory => directory;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Workspace(string directory) : ITaskWorkspace
    {
        public string ProjectDirectory => directory;

        public ValueTask DisposeAsync()
        {
            TemporaryFolder.Delete(directory);
            return ValueTask.CompletedTask;
        }
    }
}
