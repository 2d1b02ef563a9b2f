using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

/// <summary><c>wf scheduler</c>: a project that is run where it lies.</summary>
public sealed class LocalProjectTests : IDisposable
{
    private readonly ProbeOperator _probe = new();
    private readonly string _project = Directory.CreateTempSubdirectory("wf-project-").FullName;
    private readonly string _database = Directory.CreateTempSubdirectory("wf-project-db-").FullName;

    public void Dispose()
    {
        Directory.Delete(_project, recursive: true);
        Directory.Delete(_database, recursive: true);
    }

    [Fact]
    public async Task Its_files_are_the_first_revision_and_tasks_work_among_them()
    {
        Write("job1.dig", "schedule: {daily>: 07:00:00}\n+a: {probe>: x}\n");
        await using var server = await StartAsync();

        Assert.Equal("default 1", await RevisionAsync(server));
        Assert.Single((await server.GetAsync("api/schedules")).GetListOrEmpty("schedules"));
        await server.StartAttemptAsync();
        Assert.True((await server.EndOfFirstAsync()).GetBooleanOr("success", false));
        Assert.Equal([_project], _probe.Directories);
    }

    [Fact]
    public async Task A_change_becomes_a_revision_and_a_mistake_does_not()
    {
        Write("job1.dig", "+a: {probe>: x}\n");
        await using var server = await StartAsync();

        Write("job1.dig", "+a: {probe>: y}\n");
        await BecomesAsync(server, "default 2");
        Write("job1.dig", "+a: {probe>: [\n");
        Write("job2.dig", "+b: {probe>: z}\n");
        Write("job1.dig", "# only a comment\n+a: {probe>: y}\n");

        await BecomesAsync(server, "default 3");
        Assert.Equal(
            ["job1", "job2"],
            (await server.GetAsync("api/workflows")).GetList("workflows").Cast<ConfigMap>().Select(w => w.GetString("name")).Order());
    }

    [Fact]
    public async Task A_kept_database_goes_on_with_its_revisions()
    {
        Write("job1.dig", "+a: {probe>: x}\n");
        await using (var first = await StartAsync(_database))
        {
            Assert.Equal("default 1", await RevisionAsync(first));
        }

        await using (var same = await StartAsync(_database))
        {
            Assert.Equal("default 1", await RevisionAsync(same));
        }

        Write("job1.dig", "+a: {probe>: y}\n");
        await using var changed = await StartAsync(_database);
        Assert.Equal("default 2", await RevisionAsync(changed));
    }

    [Theory]
    [InlineData("+a: {probe>: [\n")]
    [InlineData("schedule: {daily>: 07:00:00, dayly: 1}\n+a: {probe>: x}\n")]
    public async Task A_mistake_at_the_start_ends_it(string workflow)
    {
        Write("job1.dig", workflow);

        await Assert.ThrowsAnyAsync<WorkflowException>(() => StartAsync());
    }

    private Task<RunningServer> StartAsync(string? database = null) =>
        RunningServer.StartAsync(_probe, null, database, ("scheduler.autoLoadLocalProject", _project));

    private static async Task<string> RevisionAsync(RunningServer server)
    {
        var project = (ConfigMap)(await server.GetAsync("api/projects")).GetList("projects").Single();
        return $"{project.GetString("name")} {project.GetString("revision")}";
    }

    private static async Task BecomesAsync(RunningServer server, string revision)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await RevisionAsync(server) != revision)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    // In whole or not at all: half a file is a mistake of its own.
    private void Write(string name, string text)
    {
        var aside = Path.Combine(_project, name + ".new");
        File.WriteAllText(aside, text);
        File.Move(aside, Path.Combine(_project, name), overwrite: true);
    }
}
