namespace WfRunner.Core.Dig;

/// <summary>A workflow by its name and its project's.</summary>
/// <param name="Project">Name of the project.</param>
/// <param name="Workflow">Name of the workflow.</param>
public readonly record struct QualifiedWorkflow(string Project, string Workflow)
{
    /// <summary>Both names with a slash between them, as messages show a workflow.</summary>
    public override string ToString() => $"{Project}/{Workflow}";
}
