using WfRunner.Core;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>
/// Why Digdag would refuse a project. Its words end the command's standard error, where scripts look for them, and are not
/// repeated by the findings before.
/// </summary>
/// <param name="Failure">The failure.</param>
/// <param name="IsOfSchedule">Whether the files are sound and only a schedule is not.</param>
internal sealed record DigdagRefusal(WorkflowException Failure, bool IsOfSchedule)
{
    private readonly string _text = FailureText.Describe(Failure);

    /// <summary>Whether the refusal will say a finding's words.</summary>
    /// <param name="message">The words.</param>
    public bool Says(string message) => _text.Contains(message, StringComparison.Ordinal);
}
