using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Triggers;

namespace WfRunner.Server.Http.Models;

/// <summary>Triggers, as the API shows them.</summary>
internal static class TriggerModels
{
    public static readonly Model<StoredTrigger> Trigger = new Model<StoredTrigger>("Trigger", "A workflow that starts after another one has succeeded")
        .Of("project", ApiModels.IdAndName, t => (t.ProjectId.ToString(), t.ProjectName))
        .Of("workflow", ApiModels.IdAndName, t => (t.WorkflowId.ToString(), t.WorkflowName))
        .Text("dependentProjectName", t => t.UpstreamProject)
        .Text("dependentWorkflowName", t => t.UpstreamWorkflow);

    public static readonly Model<IEnumerable<StoredTrigger>> Triggers =
        new Model<IEnumerable<StoredTrigger>>("TriggerCollection", "All triggers").ListOf("triggers", Trigger, triggers => triggers);

    public static readonly IReadOnlyList<IModel> All = [Trigger, Triggers];
}
