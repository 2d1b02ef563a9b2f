using System.Diagnostics;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.Metrics;

/// <summary>Counts and measures calls of operators.</summary>
internal sealed class MeasuredTaskRunner(ITaskRunner inner, OperatorRegistry operators, ServerMeter meter) : ITaskRunner
{
    // Names are free text in a workflow; only known ones become labels, so that nobody can make series without end.
    private const string Other = "other";
    private const string Group = "group";

    public async Task<AttemptEvent> RunAsync(
        AttemptInfo attempt, TaskRecord task, ConfigMap parameters, CancellationToken cancellationToken)
    {
        var name = NameOf(task.LocalConfig);
        var started = Stopwatch.GetTimestamp();
        var outcome = "canceled";
        meter.TaskStarted(name);
        try
        {
            var ended = await inner.RunAsync(attempt, task, parameters, cancellationToken).ConfigureAwait(false);
            outcome = ended switch
            {
                AttemptEvent.TaskSucceeded => "success",
                AttemptEvent.TaskToRetry => "retry",
                AttemptEvent.TaskFailed when cancellationToken.IsCancellationRequested => "canceled",
                _ => "error",
            };
            return ended;
        }
        finally
        {
            meter.TaskFinished(name, outcome, Stopwatch.GetElapsedTime(started));
        }
    }

    private string NameOf(ConfigMap config)
    {
        var key = config.Keys.FirstOrDefault(k => k.EndsWith('>'));
        var name = key is null ? config["_type"]?.ToString().Trim('"') : key[..^1];
        return name is null ? Group : operators.TryFind(name, out _) ? name : Other;
    }
}
