using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData;
using WfRunner.Query.Backends.DuckDb;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>Runs operators of the family against a stand-in service, called again as the engine does until they are done.</summary>
public abstract class TdRemoteTests : IDisposable
{
    private const int MostCalls = 60;

    private readonly TreasureDataBackend _backend;

    protected TdRemoteTests()
    {
        _backend = new TreasureDataBackend(TdSurroundings.Empty, Time);
        Operators = TreasureDataOperators.Create(new QueryBackendSelector([_backend, new DuckDbBackend()])).ToDictionary(o => o.Description.Name);
        Context.SecretValues["td.apikey"] = "1/0123456789abcdef0123456789abcdef01234567";
    }

    internal TdServer Server { get; } = new();

    internal OperatorTestContext Context { get; } = new();

    internal InstantTime Time { get; } = new();

    protected IReadOnlyDictionary<string, IOperator> Operators { get; }

    /// <summary>The pauses that the operator asked for, in seconds.</summary>
    protected List<double> Pauses { get; } = [];

    /// <summary>The state of the last call that asked to be called again.</summary>
    protected ConfigMap State { get; set; } = ConfigMap.Empty;

    protected string Exports => $"{{td: {{database: d, endpoint: '{Server.Endpoint}', use_ssl: false}}}}";

    protected IReadOnlyList<string> Changes => [.. Server.Changes];

    public void Dispose()
    {
        _backend.Dispose();
        Server.Dispose();
        Context.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<TaskResult> RunAsync(string task, string? exports = null)
    {
        for (var calls = 0; calls < MostCalls; calls++)
        {
            switch (await CallAsync(task, exports, calls))
            {
                case OperatorOutcome.Succeeded done:
                    return done.Result;
                case OperatorOutcome.Polling polling:
                    State = polling.StateParams;
                    Pauses.Add(polling.Interval.TotalSeconds);
                    ((NodaTime.Testing.FakeClock)Context.Clock).Advance(polling.Interval);
                    break;
            }
        }

        throw new InvalidOperationException($"not done after {MostCalls} calls: {State}");
    }

    protected Task<OperatorOutcome> CallAsync(string task, string? exports = null, int calls = 0)
    {
        var request = OperatorTestContext.Request(task, exports ?? Exports) with { StateParams = State, RetryCount = calls };
        return OperatorOf(task).RunAsync(request, Context, TestContext.Current.CancellationToken);
    }

    protected IOperator OperatorOf(string task) => Operators[task[..task.IndexOf('>', StringComparison.Ordinal)].Trim('{', ' ', '\n')];
}
