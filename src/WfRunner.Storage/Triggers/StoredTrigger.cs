using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Triggers;

/// <summary>The trigger of a workflow of a project's latest revision.</summary>
/// <param name="ProjectId">The project of the workflow that is started.</param>
/// <param name="ProjectName">Its name.</param>
/// <param name="WorkflowId">The workflow that is started.</param>
/// <param name="WorkflowName">Its name.</param>
/// <param name="UpstreamProject">Name of the project of the workflow that is waited for.</param>
/// <param name="UpstreamWorkflow">Name of the workflow that is waited for.</param>
public sealed record StoredTrigger(
    ProjectId ProjectId, string ProjectName, WorkflowId WorkflowId, string WorkflowName, string UpstreamProject, string UpstreamWorkflow);
