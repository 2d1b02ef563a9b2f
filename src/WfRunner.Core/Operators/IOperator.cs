namespace WfRunner.Core.Operators;

/// <summary>
/// A kind of task, such as <c>sh&gt;</c> or <c>td&gt;</c>. Operators hold no state of their own: one instance serves all tasks
/// at once. What must survive until the next poll travels in the state parameters.
/// </summary>
public interface IOperator
{
    /// <summary>Name, parameters and habits of the operator.</summary>
    OperatorDescription Description { get; }

    /// <summary>Runs one task.</summary>
    /// <param name="request">The task with its merged and evaluated parameters.</param>
    /// <param name="context">What the operator may use of the world.</param>
    /// <param name="cancellationToken">Signalled when the attempt is killed; the operator ends its external work and throws.</param>
    /// <returns>Success with a result, or the wish to be called again later.</returns>
    /// <exception cref="TaskFailedException">An expected failure.</exception>
    /// <exception cref="ConfigException">The definition is wrong.</exception>
    Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Ends external work of a task that was killed between two polls, for example a query job. The default does nothing.
    /// </summary>
    /// <param name="request">The task; its state parameters tell what was started.</param>
    /// <param name="context">What the operator may use of the world.</param>
    /// <param name="cancellationToken">Bounds the clean-up.</param>
    /// <returns>A task that ends with the clean-up.</returns>
    Task CleanUpAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
