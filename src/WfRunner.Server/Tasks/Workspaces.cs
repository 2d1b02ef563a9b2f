using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Archives;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Projects;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Tasks;

/// <summary>
/// The folders that tasks work in: a fresh one for every call of an operator, with the files of its revision, gone afterwards.
/// Digdag behaviour: server 13. Archives of the revisions used last are kept in memory.
/// </summary>
internal sealed class Workspaces
{
    private const int CachedArchives = 16;

    private readonly IProjectStore _projects;
    private readonly ProjectArchives _archives;
    private readonly string _root;
    private readonly Lock _lock = new();
    private readonly LinkedList<(ProjectId Project, string Revision, byte[] Archive)> _recent = new();

    public Workspaces(IProjectStore projects, ProjectArchives archives, string root)
    {
        _projects = projects;
        _archives = archives;
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
            var archive = await ArchiveOfAsync(attempt, cancellationToken).ConfigureAwait(false);
            using var stream = new MemoryStream(archive, writable: false);
            await ArchiveExtractor.ExtractAsync(stream, workspace.ProjectDirectory, ArchiveLimits.Generous, null, cancellationToken)
                .ConfigureAwait(false);
            return workspace;
        }
        catch
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The name of a revision is never used again in its project, so what was read under it stays right.
    private async Task<byte[]> ArchiveOfAsync(AttemptInfo attempt, CancellationToken cancellationToken)
    {
        if (Cached(attempt.ProjectId, attempt.Revision!) is { } cached)
        {
            return cached;
        }

        var revision = await _projects.FindRevisionAsync(attempt.ProjectId, attempt.Revision!, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(
                FailureKind.ResourceNotFound, $"Resource does not exist: revision name={attempt.Revision} in project id={attempt.ProjectId}");
        var archive = await _archives.ReadAsync(revision, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, "Archive is not stored");
        Remember(attempt.ProjectId, revision.Name, archive);
        return archive;
    }

    private byte[]? Cached(ProjectId project, string revision)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Project == project && node.Value.Revision == revision)
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return node.Value.Archive;
                }
            }

            return null;
        }
    }

    private void Remember(ProjectId project, string revision, byte[] archive)
    {
        lock (_lock)
        {
            _recent.AddFirst((project, revision, archive));
            if (_recent.Count > CachedArchives)
            {
                _recent.RemoveLast();
            }
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
