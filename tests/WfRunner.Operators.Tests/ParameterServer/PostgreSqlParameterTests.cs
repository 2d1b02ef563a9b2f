using WfRunner.Core;
using WfRunner.Operators.ParameterServer;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.ParameterServer;

public sealed class PostgreSqlParameterTests(PostgresServer server) : ParameterOperatorTests, IClassFixture<PostgresServer>
{
    private string _database = string.Empty;

    [Fact]
    public async Task Values_are_kept_as_digdag_keeps_them()
    {
        await ConfigureAsync();

        await Context.RunAsync(Set, "param_set>:\nform: a\"b");

        Assert.Equal("form|{\"value\":\"a\\\"b\"}|0|0", await server.QueryAsync(_database, "select key, value, value_type, site_id from params"));
    }

    [Fact]
    public async Task After_ninety_days_a_value_is_gone()
    {
        await ConfigureAsync();
        await Context.RunAsync(Set, "param_set>:\nold: 1\nnew: 1");
        await server.ExecuteAsync(_database, "update params set updated_at = now() - interval '7776001 seconds' where key = 'old'");

        var result = await GetAsync("param_get>:\nold: o\nnew: n");

        Assert.Equal((string.Empty, "1"), (WfRunner.Core.Config.ConfigAccess.GetString(result, "o"), WfRunner.Core.Config.ConfigAccess.GetString(result, "n")));
    }

    [Fact]
    public async Task Without_a_server_both_operators_fail()
    {
        Assert.Equal(
            "param_server.type is required to use this operator.",
            (await Assert.ThrowsAsync<ConfigException>(() => Context.RunAsync(Set, "param_set>:\nk: v"))).Message);
        Assert.Equal(
            "param_server.type is required to use this operator.",
            (await Assert.ThrowsAsync<ConfigException>(() => Context.RunAsync(Get, "param_get>:\nk: v"))).Message);
    }

    [Fact]
    public void Another_type_is_refused_at_the_start()
    {
        Context.Config["param_server.type"] = "mysql";

        Assert.Equal("Unsupported param_server.type : mysql", Assert.Throws<ConfigException>(() => ParameterServers.Check(Context.Config)).Message);
    }

    private protected override async Task ConfigureAsync()
    {
        _database = await server.CreateDatabaseAsync();
        foreach (var (key, value) in ((string, string)[])[
            ("type", "postgresql"), ("host", "127.0.0.1"), ("port", $"{server.Port}"), ("user", PostgresServer.User),
            ("password", PostgresServer.Password), ("database", _database)])
        {
            Context.Config["param_server." + key] = value;
        }
    }
}
