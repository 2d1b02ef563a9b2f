using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.Tasks;

/// <summary>Runs single tasks.</summary>
public interface ITaskRunner
{
    /// <summary>Runs one task and tells how it ended. Never throws: whatever goes wrong is a failed task.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="task">The task, in state running.</param>
    /// <param name="parameters">Its parameters before runtime parameters and own keys, unevaluated.</param>
    /// <param name="cancellationToken">Signalled when the task must end.</param>
    /// <returns>Success, failure or the wish to be called again.</returns>
    Task<AttemptEvent> RunAsync(AttemptInfo attempt, TaskRecord task, ConfigMap parameters, CancellationToken cancellationToken);
}
