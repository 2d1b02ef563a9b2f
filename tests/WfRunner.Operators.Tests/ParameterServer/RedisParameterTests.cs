using WfRunner.Core.Operators;

namespace WfRunner.Operators.Tests.ParameterServer;

public sealed class RedisParameterTests(RedisServer server) : ParameterOperatorTests, IClassFixture<RedisServer>
{
    [Fact]
    public async Task Values_are_kept_as_digdag_keeps_them()
    {
        await ConfigureAsync();

        await Context.RunAsync(Set, "param_set>:\nform: a\"b");

        var (value, kept) = await server.ReadAsync("0:form");
        Assert.Equal("""{"value":{"value":"a\"b"},"value_type":0}""", value);
        Assert.InRange(kept!.Value, TimeSpan.FromDays(89.9), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task An_unreachable_server_is_said_to_be_that()
    {
        Context.Config["param_server.type"] = "redis";
        Context.Config["param_server.port"] = "1";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Context.RunAsync(Set, "param_set>:\nk: v"));

        Assert.StartsWith("Failed to connect to the parameter server [", failure.Message, StringComparison.Ordinal);
    }

    private protected override Task ConfigureAsync()
    {
        Context.Config["param_server.type"] = "redis";
        Context.Config["param_server.host"] = "127.0.0.1";
        Context.Config["param_server.port"] = $"{server.Port}";
        return Task.CompletedTask;
    }
}
