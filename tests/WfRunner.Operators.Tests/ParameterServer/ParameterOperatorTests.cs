using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.ParameterServer;

namespace WfRunner.Operators.Tests.ParameterServer;

/// <summary>What holds whichever server keeps the values.</summary>
public abstract class ParameterOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();

    private protected OperatorTestContext Context => _context;

    private protected ParamSetOperator Set { get; } = new();

    private protected ParamGetOperator Get { get; } = new();

    public void Dispose()
    {
        _context.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Values_come_back_as_texts_under_other_names()
    {
        await ConfigureAsync();

        await _context.RunAsync(Set, "param_set>:\ncolor: blue\namount: 42\nok: true\nnothing: null\n_retry: 3");
        var result = await GetAsync("param_get>:\ncolor: a.b\namount: n\nok: o\nnothing: x\n_retry: y");

        Assert.Equal("""{"a.b":"blue","n":"42","o":"true","x":""}""", ConfigJson.Write(result));
    }

    [Fact]
    public async Task A_later_value_replaces_an_earlier_one()
    {
        await ConfigureAsync();

        await _context.RunAsync(Set, "param_set>:\nlater: 1");
        await _context.RunAsync(Set, "param_set>:\nlater: 2");

        Assert.Equal("2", (await GetAsync("param_get>:\nlater: v")).GetString("v"));
    }

    [Theory]
    [InlineData("param_set>:")]
    [InlineData("param_set>: x")]
    [InlineData("param_set>:\n_retry: 1")]
    public async Task A_task_without_keys_fails(string task)
    {
        await ConfigureAsync();

        Assert.Equal("no key is set.", (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(Set, task))).Message);
    }

    [Fact]
    public async Task Only_scalars_can_be_kept()
    {
        await ConfigureAsync();

        await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(Set, "param_set>:\nk: [1]"));
    }

    private protected async Task<ConfigMap> GetAsync(string task) =>
        Assert.IsType<OperatorOutcome.Succeeded>(await _context.RunAsync(Get, task)).Result.StoreParams;

    private protected abstract Task ConfigureAsync();
}
