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
    /// <summary>Refuses the project when any of its workflows is broken; all of them are named in one go.</summary>
    /// <exception cref="WorkflowException">At least one workflow is broken; Digdag behaviour: dig-language 4.4.</exception>
    public void ThrowIfBroken()
    {
        if (Broken.Count == 0)
        {
            return;
        }

        var text = new StringBuilder("Validating project failed");
        foreach (var broken in Broken)
        {
            text.Append("\nworkflow ").Append(broken.Path).Append(' ').Append(broken.Failure.Message);
            if (broken.Failure.Span is { } span)
            {
                text.Append("\n  at ").Append(span);
            }
        }

        throw new WorkflowException(FailureKind.ModelValidation, text.ToString(), Broken[0].Failure.Span, Broken[0].Failure.InnerException);
    }
}
