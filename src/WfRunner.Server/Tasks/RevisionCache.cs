using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Server.Projects;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Tasks;

/// <summary>
/// The files of the revisions used last, each unpacked once: at most sixteen, and at most two gigabytes besides the newest. A name of a
/// revision is never used again in its project, so what was unpacked under it stays right.
/// </summary>
/// <param name="projects">Where revisions are found.</param>
/// <param name="archives">Where their archives are.</param>
/// <param name="root">Absolute path of the folder for them.</param>
/// <param name="largest">How many bytes they may take together.</param>
internal sealed class RevisionCache(IProjectStore projects, ProjectArchives archives, string root, long largest = RevisionCache.UsualSize)
{
    private const int MaximumCount = 16;
    private const long UsualSize = 2L << 30;

    private readonly Lock _lock = new();

    // The one used last comes first.
    private readonly LinkedList<Entry> _entries = new();
    private int _unpacked;

    /// <summary>Copies the files of an attempt's revision.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="directory">Absolute path of an existing, empty folder.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <exception cref="WorkflowException">The revision, or its archive, cannot be had.</exception>
    public async Task CopyAsync(AttemptInfo attempt, string directory, CancellationToken cancellationToken)
    {
        var entry = Take(attempt.ProjectId, attempt.Revision!);
        try
        {
            var files = await entry.Files.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.Run(() => files.CopyTo(directory, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            GiveBack(entry);
        }
    }

    private Entry Take(ProjectId project, string revision)
    {
        lock (_lock)
        {
            var entry = _entries.FirstOrDefault(e => e.Project == project && e.Revision == revision);
            if (entry is null)
            {
                // Shared by all who want it, so nobody's wish to end ends it.
                entry = new Entry(project, revision, Task.Run(() => UnpackAsync(project, revision)));
            }
            else
            {
                _entries.Remove(entry);
            }

            _entries.AddFirst(entry);
            entry.Users++;
            return entry;
        }
    }

    private void GiveBack(Entry entry)
    {
        List<Entry> unused = [];
        lock (_lock)
        {
            entry.Users--;
            if (entry.Files.IsFaulted)
            {
                // Whoever comes next tries anew.
                _entries.Remove(entry);
            }

            while (_entries.Count > 1 && (_entries.Count > MaximumCount || _entries.Sum(e => e.Size) > largest))
            {
                _entries.Last!.Value.IsDropped = true;
                unused.Add(_entries.Last.Value);
                _entries.RemoveLast();
            }

            unused.RemoveAll(e => e.Users > 0);
            if (entry is { IsDropped: true, Users: 0 } && !unused.Contains(entry))
            {
                unused.Add(entry);
            }
        }

        foreach (var old in unused.Where(e => e.Files.IsCompletedSuccessfully))
        {
            old.Files.Result.Delete();
        }
    }

    private async Task<RevisionFiles> UnpackAsync(ProjectId project, string name)
    {
        var revision = await projects.FindRevisionAsync(project, name, CancellationToken.None).ConfigureAwait(false)
            ?? throw new WorkflowException(
                FailureKind.ResourceNotFound, $"Resource does not exist: revision name={name} in project id={project}");
        var archive = await archives.ReadAsync(revision, CancellationToken.None).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, "Archive is not stored");
        var directory = Path.Combine(root, Interlocked.Increment(ref _unpacked).ToString(CultureInfo.InvariantCulture));
        return await RevisionFiles.UnpackAsync(archive, directory).ConfigureAwait(false);
    }

    private sealed class Entry(ProjectId project, string revision, Task<RevisionFiles> files)
    {
        public ProjectId Project => project;

        public string Revision => revision;

        public Task<RevisionFiles> Files => files;

        public long Size => files.IsCompletedSuccessfully ? files.Result.Size : 0;

        public int Users { get; set; }

        public bool IsDropped { get; set; }
    }
}
