using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Checking;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Projects;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Projects;

/// <summary>Checks a project that a client sent, as <c>wf check</c> does on disk. Nothing is kept of it.</summary>
internal sealed class ProjectCheckup(ServerSettings settings, OperatorRegistry operators, IClock clock)
{
    /// <summary>Checks a project.</summary>
    /// <param name="body">A <c>.tar.gz</c>, within the limits of a push.</param>
    /// <param name="projectName">Its name on this server; null when it has none yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found; paths start in the project.</returns>
    /// <exception cref="WorkflowException">It is too large, no archive, or leaves its folder.</exception>
    public async Task<CheckReport> CheckAsync(Stream body, string? projectName, CancellationToken cancellationToken)
    {
        using var upload = await UploadedProject.ReceiveAsync(body, settings.MaximumArchiveSize, settings.TemporaryDirectory, cancellationToken)
            .ConfigureAwait(false);
        return ProjectChecker.Check(
            new CheckRequest
            {
                ProjectDirectory = upload.Folder,
                WorkflowFiles = [.. ProjectLoader.WorkflowFiles(upload.Folder)],
                Files = new CheckedProjectFiles(upload.Folder, settings.MaximumArchiveSize),
                Operators = CheckedOperators.Of(operators, settings.SystemConfig, upload.Folder),
                Now = clock.GetCurrentInstant(),
                ProjectName = projectName,
                MaximumTasks = TaskLimit.Of(settings.SystemConfig),
                MaximumSize = settings.MaximumArchiveSize,
            },
            cancellationToken);
    }
}
