using WfRunner.Core;

namespace WfRunner.Client.Models;

/// <summary>The server answered with something else than the API promises.</summary>
public sealed class InvalidAnswerException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="inner">The cause.</param>
    public InvalidAnswerException(string problem, Exception? inner = null)
        : base(FailureKind.Runtime, $"The server's answer cannot be read: {problem}. Is the endpoint a Digdag, Treasure Data Workflow or wf server?", null, inner)
    {
    }
}
