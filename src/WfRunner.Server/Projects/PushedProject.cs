using WfRunner.Storage.Projects;

namespace WfRunner.Server.Projects;

/// <summary>What became of a push.</summary>
/// <param name="Project">The project with its new revision.</param>
/// <param name="Warnings">What is doubtful about it.</param>
internal sealed record PushedProject(StoredProject Project, IReadOnlyList<string> Warnings);
