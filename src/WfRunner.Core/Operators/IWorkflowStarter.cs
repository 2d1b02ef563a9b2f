using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Operators;

/// <summary>Starts other workflows for a task, and tells how far they are.</summary>
public interface IWorkflowStarter
{
    /// <summary>Starts an attempt, unless there is one for the session and the retry name already.</summary>
    /// <param name="wish">What is to be started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempt as it is now.</returns>
    /// <exception cref="WorkflowException">
    /// There is no such project or workflow (<see cref="FailureKind.ResourceNotFound"/>), or a limit is reached.
    /// </exception>
    Task<RequiredAttempt> StartAsync(WorkflowWish wish, CancellationToken cancellationToken);
}

/// <summary>A workflow that a task wants to have run.</summary>
public sealed record WorkflowWish
{
    /// <summary>The attempt of the task that wants it; its site, and unless another is named its project, are meant.</summary>
    public required AttemptInfo By { get; init; }

    /// <summary>Another project; null for the task's own.</summary>
    public ProjectId? ProjectId { get; init; }

    /// <summary>Another project by name; null for the task's own.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The workflow; its latest definition is meant.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>The session.</summary>
    public required Instant SessionTime { get; init; }

    /// <summary>Tells attempts of one session apart; null for the first.</summary>
    public string? RetryAttemptName { get; init; }

    /// <summary>Parameters of the attempt.</summary>
    public required ConfigMap Params { get; init; }
}

/// <summary>An attempt that a task has asked for.</summary>
/// <param name="SessionId">Its session.</param>
/// <param name="AttemptId">The attempt.</param>
/// <param name="IsNew">Whether this call started it.</param>
/// <param name="IsDone">Whether it is done.</param>
/// <param name="IsSuccess">Whether it is done and succeeded.</param>
public sealed record RequiredAttempt(SessionId SessionId, AttemptId AttemptId, bool IsNew, bool IsDone, bool IsSuccess);
