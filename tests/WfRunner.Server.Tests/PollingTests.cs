using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Server.Tests;

/// <summary>Operators that want to be called again.</summary>
public sealed class PollingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_task_is_called_again_with_its_state_with_or_without_a_pause(int milliseconds)
    {
        var counter = new Counter(Duration.FromMilliseconds(milliseconds));
        await using var server = await RunningServer.StartAsync(new ProbeOperator(), null, null, [counter]);
        await server.PushAsync("demo", "r1", ("a.dig", "+p: {count>: 5}\n"));

        await server.StartAttemptAsync();

        Assert.True((await server.EndOfFirstAsync()).GetBooleanOr("success", false));
        Assert.Equal([0, 1, 2, 3, 4, 5], counter.Seen);
    }

    private sealed class Counter(Duration pause) : IOperator
    {
        public List<int> Seen { get; } = [];

        public OperatorDescription Description { get; } = new(
            "count", "Counts its calls.", new OperatorParameter("_command", ParameterType.Integer, "How far."), []);

        public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
        {
            var count = request.StateParams.GetInt32OrNull("count") ?? 0;
            Seen.Add(count);
            return Task.FromResult<OperatorOutcome>(count == request.Config.GetInt32("_command")
                ? OperatorOutcome.Done
                : new OperatorOutcome.Polling(pause, ConfigMap.Of(("count", (long)count + 1))));
        }
    }
}
