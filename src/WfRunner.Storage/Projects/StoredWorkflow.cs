using WfRunner.Core.Dig;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Projects;

/// <summary>A workflow as one revision defines it.</summary>
/// <param name="Id">The workflow; another one in every revision.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="ProjectName">The project's name.</param>
/// <param name="RevisionId">Its revision.</param>
/// <param name="RevisionName">The revision's name.</param>
/// <param name="Definition">Name, zone and tasks.</param>
public sealed record StoredWorkflow(
    WorkflowId Id, ProjectId ProjectId, string ProjectName, RevisionId RevisionId, string RevisionName, WorkflowDefinition Definition);
