namespace WfRunner.Core.Operators;

/// <summary>What an operator declares about itself, once, for running, checking and documenting.</summary>
/// <param name="Name">The type as written in front of <c>&gt;</c>, for example <c>sh</c>.</param>
/// <param name="Summary">One sentence for help and documentation.</param>
/// <param name="Command">What stands behind <c>name&gt;:</c>.</param>
/// <param name="Parameters">Every other key the operator reads from the task itself.</param>
public sealed record OperatorDescription(
    string Name, string Summary, OperatorParameter Command, IReadOnlyList<OperatorParameter> Parameters)
{
    /// <summary>
    /// Whether <c>_retry</c> repeats the operator's own failure. Digdag behaviour: true for all operators built on its common
    /// base, false for <c>echo fail if loop for_each for_range wait notify s3_wait</c> (engine 10.2).
    /// </summary>
    public bool RetriesOwnFailure { get; init; } = true;

    /// <summary>
    /// Whether keys that the operator does not declare are reported when it succeeded. Digdag behaviour: only
    /// <c>echo fail if wait notify s3_wait</c> report (engine 7, step 13).
    /// </summary>
    public bool ReportsUnusedKeys { get; init; }

    /// <summary>
    /// Whether the operator reads files or secrets of the project. For one that does not, a server need not unpack the project's archive
    /// and ask for its secrets, which costs more than such an operator itself.
    /// </summary>
    public bool UsesProject { get; init; } = true;

    /// <summary>Whether any further key may be a parameter, for example an argument of a Python function.</summary>
    public bool TakesAnyParameter { get; init; }

    /// <summary>Names of the parameters that the operator may store for later tasks, for example <c>td</c>.</summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    /// <summary>Whether the operator may store, or give to tasks below it, parameters of any name.</summary>
    public bool StoresAnyParameter { get; init; }
}
