using System.Text;
using WfRunner.Core;
using WfRunner.Core.Dig;

namespace WfRunner.Runtime.Projects;

/// <summary>The workflows of a project, loaded and compiled; those that could not be are kept beside them.</summary>
/// <param name="Directory">Absolute path of the project.</param>
/// <param name="Workflows">The sound ones, by name.</param>
/// <param name="Broken">The others, by name.</param>
public sealed record LoadedProject(
    string Directory, IReadOnlyList<WorkflowDefinition> Workflows, IReadOnlyList<BrokenWorkflow> Broken)
{
    /// <summary>
    /// Refuses the project when any of its workflows is broken: all files that cannot be read are named in one go; else the first
    /// whose tasks do not compile is told. Digdag behaviour: dig-language 4.4.
    /// </summary>
    /// <exception cref="WorkflowException">At least one workflow is broken.</exception>
    public void ThrowIfBroken()
    {
        var unreadable = Broken.Where(b => !b.IsLoaded).ToList();
        if (unreadable.Count == 0)
        {
            if (Broken.Count > 0)
            {
                throw Broken[0].Failure;
            }

            return;
        }

        var text = new StringBuilder("Validating project failed");
        foreach (var broken in unreadable)
        {
            text.Append("\nworkflow ").Append(broken.Path).Append(' ').Append(broken.Failure.Message);
        }

        throw new WorkflowException(
            FailureKind.ModelValidation, text.ToString(), unreadable[0].Failure.Span, unreadable[0].Failure.InnerException);
    }
}
