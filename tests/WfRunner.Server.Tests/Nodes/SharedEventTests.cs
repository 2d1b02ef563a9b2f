using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Server.Tests.Events;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>Who follows one node sees what happens on all.</summary>
public sealed class SharedEventTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_follower_of_one_node_is_told_of_a_run_on_another()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(), await cluster.StartAsync());
        await using var events = await EventReader.OpenAsync(two);
        await BeHeardAsync(one, events);

        var (_, attempt) = await one.StartAttemptAsync();

        var ended = await events.UntilAsync("attempt", e => e["done"] is ConfigBoolean { Value: true });
        Assert.Equal((attempt.GetString("id"), "success"), (ended.GetString("attemptId"), ended.GetString("status")));
    }

    [Fact]
    public async Task Tasks_come_with_all_they_have()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(), await cluster.StartAsync());
        await using var here = await EventReader.OpenAsync(one);
        await using var there = await EventReader.OpenAsync(two);
        await BeHeardAsync(one, there);

        await one.StartAttemptAsync();

        var local = await here.UntilAsync("task", IsTheSuccess);
        var remote = await there.UntilAsync("task", IsTheSuccess);
        Assert.Equal(local.ToString(), remote.ToString());

        static bool IsTheSuccess(ConfigMap task) => task.GetString("state") == "success" && task.GetString("fullName") == "+wf+a";
    }

    // A node sends nothing before it knows that somebody follows, so things happen there until one is heard of.
    private static async Task BeHeardAsync(RunningServer from, EventReader events)
    {
        var heard = events.UntilAsync("project", _ => true);
        for (var i = 0; !heard.IsCompleted; i++)
        {
            await from.PushAsync("demo", "r" + i.ToString(CultureInfo.InvariantCulture), ("wf.dig", "+a:\n  probe>: a\n"));
        }

        await heard;
    }
}
