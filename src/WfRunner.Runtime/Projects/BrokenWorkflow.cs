using WfRunner.Core;

namespace WfRunner.Runtime.Projects;

/// <summary>A workflow file that could not be loaded.</summary>
/// <param name="Name">Name of the workflow.</param>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Failure">Why.</param>
/// <param name="IsLoaded">Whether the file itself is sound and only its tasks do not compile.</param>
public sealed record BrokenWorkflow(string Name, string Path, WorkflowException Failure, bool IsLoaded);
