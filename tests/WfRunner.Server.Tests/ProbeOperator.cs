using System.Collections.Concurrent;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;

namespace WfRunner.Server.Tests;

/// <summary>
/// The operator <c>probe&gt;</c>: notes every call, and holds the call of a name that the test holds until it is let go.
/// </summary>
internal sealed class ProbeOperator : IOperator
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _entered = new();

    /// <summary>The log of servers that are started with this operator; null for none.</summary>
    public LogOutput? Log { get; init; }

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Calls that were told to end.</summary>
    public ConcurrentQueue<string> Ended { get; } = new();

    public ConcurrentQueue<string> Directories { get; } = new();

    public OperatorDescription Description { get; } = new(
        "probe", "Notes its calls.", new OperatorParameter("_command", ParameterType.Text, "What to note."), []);

    public void Hold(string name) => _held[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo(string name)
    {
        if (_held.TryRemove(name, out var held))
        {
            held.SetResult();
        }
    }

    public Task Entered(string name) => Entry(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        var name = request.Config.GetString("_command");
        Calls.Enqueue(name);
        Directories.Enqueue(context.ProjectDirectory);
        context.Output.Write(System.Text.Encoding.UTF8.GetBytes($"probe {name}\n"));
        var held = _held.TryGetValue(name, out var source) ? source.Task : Task.CompletedTask;
        Entry(name).TrySetResult();
        try
        {
            await held.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Ended.Enqueue(name);
            throw;
        }

        return new OperatorOutcome.Succeeded(new TaskResult { StoreParams = ConfigMap.Of(("seen", name)) });
    }

    private TaskCompletionSource Entry(string name) =>
        _entered.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
