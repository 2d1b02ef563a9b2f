using WfRunner.Core.Sessions;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.LocalProjects;

/// <summary>The project that a server runs where it lies instead of in copies of a pushed archive. Digdag behaviour: server 25.</summary>
/// <param name="directory">Absolute path of its folder.</param>
internal sealed class LocalProject(string directory)
{
    /// <summary>Its name on the server.</summary>
    public const string Name = "default";

    /// <summary>Absolute path of its folder.</summary>
    public string Directory => directory;

    /// <summary>The project; null before it is loaded.</summary>
    public ProjectId? Id { get; set; }

    /// <summary>The folder that the tasks of an attempt work in.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>The folder; null when the attempt is another project's.</returns>
    public ITaskWorkspace? WorkspaceOf(AttemptInfo attempt) => attempt.ProjectId == Id ? new Workspace(directory) : null;

    private sealed class Workspace(string directory) : ITaskWorkspace
    {
        public string ProjectDirectory => directory;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
