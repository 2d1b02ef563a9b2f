using NodaTime;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Models;

/// <summary>A session time of a workflow, truncated as it was asked for.</summary>
internal sealed record WorkflowSessionTime(StoredWorkflow Workflow, Instant Time);
