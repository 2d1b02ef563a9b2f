using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Finds what users name, with Digdag's words when it is not there (cli-client 4, name resolution).</summary>
internal static class NameLookup
{
    public static async Task<ProjectInfo> ProjectAsync(this WorkflowClient client, string name, CancellationToken cancellationToken) =>
        await client.FindProjectAsync(name, cancellationToken).ConfigureAwait(false) ?? throw NotFound($"project not found: {name}");

    public static async Task<WorkflowInfo> WorkflowAsync(
        this WorkflowClient client, long project, string? revision, string name, CancellationToken cancellationToken)
    {
        var found = await client.ListWorkflowsAsync(project, revision, name, cancellationToken).ConfigureAwait(false);
        return found.Count > 0
            ? found[0]
            : throw NotFound(revision is null
                ? $"workflow not found in the latest revision of project id = {project}: {name}"
                : $"workflow not found in revision = {revision} of project id = {project}: {name}");
    }

    /// <summary>The schedule that one number, or a project and a workflow, name.</summary>
    public static async Task<ScheduleView> ScheduleAsync(
        this WorkflowClient client, string projectName, string workflow, CancellationToken cancellationToken)
    {
        var project = await client.ProjectAsync(projectName, cancellationToken).ConfigureAwait(false);
        var found = await client.ListSchedulesAsync(project.Id, workflow, null, cancellationToken).ConfigureAwait(false);
        return found.Count > 0
            ? found[0]
            : throw NotFound($"schedule not found in the latest revision of project id = {project.Id}: {workflow}");
    }

    private static CommandLineException NotFound(string what) => new("Resource not found: " + what);
}
