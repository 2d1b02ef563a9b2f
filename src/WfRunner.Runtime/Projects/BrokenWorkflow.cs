using WfRunner.Core;

namespace WfRunner.Runtime.Projects;

/// <summary>A workflow file that could not be loaded.</summary>
/// <param name="Name">Name of the workflow.</param>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Failure">Why.</param>
public sealed record BrokenWorkflow(string Name, string Path, WorkflowException Failure);
