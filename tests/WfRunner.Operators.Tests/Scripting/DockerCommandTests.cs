using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

/// <summary>
/// A program of the tests takes the place of Docker's client: it keeps how it was called, and runs what stands behind the image
/// <c>img</c> (or a built one) with an environment of what <c>-e</c> lets through.
/// </summary>
public sealed class DockerCommandTests : IDisposable
{
    private const string Client = """
        #!/bin/bash
        { printf '%q ' "$@"; echo; } >> calls
        case "$1" in
          images) printf 'REPOSITORY TAG\n%s\n' "$(cat images 2>/dev/null)" ;;
          pull | build) echo "$1 ${!#}"; exit "$(cat fails 2>/dev/null || echo 0)" ;;
          kill) touch killed ;;
          run)
            let_through=()
            while [ "$#" -gt 0 ]; do
              case "$1" in
                -e) shift; case "$1" in *=*) let_through+=("$1") ;; *) let_through+=("$1=${!1}") ;; esac ;;
                img | digdag-project-*) shift; exec env -i PATH="$PATH" "${let_through[@]}" "$@" ;;
              esac
              shift
            done ;;
        esac
        """;

    private readonly OperatorTestContext _context = new();
    private readonly string _docker;

    public DockerCommandTests()
    {
        _docker = _context.Write("docker-client", Client);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task A_script_runs_in_a_container_that_holds_the_project()
    {
        await RunAsync("sh>: echo $greeting $OWN $0\ngreeting: hello\n_env: {OWN: mine}", "image: img, run_options: [--network, host]");

        var project = _context.ProjectDirectory;
        Assert.Matches(@"^hello mine \.digdag/tmp/digdag-sh-4-\w+/runner\.sh\n$", _context.OutputText);
        Assert.Matches(
            $@"^run --network host --name wf-3-4-\w+ --rm -v {project}:{project}:rw -w {project} .*img /bin/sh \.digdag/tmp/digdag-sh-4-\w+/runner\.sh \n$", Calls);
    }

    [Fact]
    public async Task Values_of_variables_stand_on_no_command_line()
    {
        _context.SecretValues["token"] = "hidden-value";

        await RunAsync("sh>: echo $TOKEN\n_env: {TOKEN: '${secret:token}'}", "image: img");

        Assert.Equal("hidden-value\n", _context.OutputText);
        Assert.DoesNotContain("hidden-value", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_that_the_client_itself_would_follow_reach_only_the_container()
    {
        await RunAsync("sh>: echo $DOCKER_HOST\n_env: {DOCKER_HOST: 'tcp://elsewhere'}", "image: img");

        Assert.Equal("tcp://elsewhere\n", _context.OutputText);
        Assert.Contains("-e DOCKER_HOST=tcp://elsewhere ", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_is_the_commands()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("sh>: exit 7", "image: img"));

        Assert.Equal("Command failed with code 7", failure.Message);
    }

    [Fact]
    public async Task Python_gives_its_results_back()
    {
        _context.Write("tasks.py", "import digdag\ndef f(x):\n    digdag.env.store({'y': x + 1})\n");

        var outcome = await _context.RunAsync(new PyOperator(), $"py>: tasks.f\nx: 4\npython: python3\ndocker: {{image: img, docker: {_docker}}}");

        Assert.Equal("""{"y":5}""", ConfigJson.Write(Assert.IsType<OperatorOutcome.Succeeded>(outcome).Result.StoreParams));
    }

    [Fact]
    public async Task An_image_is_pulled_when_wanted()
    {
        await RunAsync("sh>: ':'", "image: img, pull_always: true");

        Assert.StartsWith("pull img \nrun ", Calls, StringComparison.Ordinal);
        Assert.Contains("INFO Pulling docker image img", _context.Lines);
    }

    [Theory]
    [InlineData("image: img, pull_always: true", "Docker pull failed")]
    [InlineData("image: img, build: [x]", "Docker build failed")]
    public async Task An_image_that_cannot_be_had_fails_the_task(string options, string message)
    {
        _context.Write("fails", "1");

        Assert.Equal(message, (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("sh>: ':'", options))).Message);
        Assert.DoesNotContain("\nrun ", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_built_once()
    {
        await RunAsync("sh>: ':'", "image: img, build: [\"x\\ny\", z], build_options: [--squash], selinux: true");

        var file = Assert.Single(Directory.GetFiles(_context.PathOf(".digdag/tmp/docker")));
        Assert.Equal("FROM img\nRUN x\nRUN y\nRUN z\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var tag = Path.GetExtension(file)[1..];
        Assert.Equal(40, tag.Length);
        Assert.Equal($"Dockerfile.digdag-project-1.{tag}", Path.GetFileName(file));
        Assert.Contains($"build --squash -f {file} --force-rm -t digdag-project-1:{tag} {_context.ProjectDirectory} \n", Calls, StringComparison.Ordinal);
        Assert.Contains($":{_context.ProjectDirectory}:rw\\,Z ", Calls, StringComparison.Ordinal);

        File.Delete(_context.PathOf("calls"));
        _context.Write("images", $"digdag-project-1    {tag}   abc");
        await RunAsync("sh>: ':'", "image: img, build: [\"x\\ny\", z], pull_always: true");

        Assert.StartsWith("images \nrun ", Calls, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image: img", "wf-3-4-")]
    [InlineData("image: img, run_options: [--name, mine]", "mine")]
    [InlineData("image: img, run_options: [--name=mine]", "mine")]
    public async Task A_kill_ends_the_container(string options, string name)
    {
        using var kill = new CancellationTokenSource();
        var run = new ShOperator().RunAsync(Request("sh>: 'touch started; exec sleep 1000'", options), _context, kill.Token);
        while (!File.Exists(_context.PathOf("started")))
        {
            Assert.False(run.IsCompleted);
            await Task.Yield();
        }

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Contains($"\nkill {name}", Calls, StringComparison.Ordinal);
        Assert.True(File.Exists(_context.PathOf("killed")));
    }

    [Theory]
    [InlineData("docker: {}", "Parameter 'image' is required but not set")]
    [InlineData("docker: 5", "Parameter 'docker' must be an object")]
    public async Task Wrong_options_are_refused(string options, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(new ShOperator(), "sh>: ':'\n" + options))).Message);

    [Fact]
    public async Task An_agent_that_runs_commands_itself_ignores_the_container()
    {
        _context.Config["agent.command_executor.type"] = "simple";

        await RunAsync("sh>: echo here", "image: img");

        Assert.Equal("here\n", _context.OutputText);
        Assert.False(File.Exists(_context.PathOf("calls")));
    }

    [Theory]
    [InlineData("ecs", "Commands cannot be run on ecs: remove the configuration of agent.command_executor.ecs, or set agent.command_executor.type to docker or simple")]
    [InlineData("mars", "Configured commandExecutor name is not found: mars")]
    public async Task An_executor_that_is_not_here_fails_the_task(string type, string message)
    {
        _context.Config["agent.command_executor.type"] = type;
        _context.Config[$"agent.command_executor.{type}.name"] = "cluster";

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(new ShOperator(), "sh>: echo x"))).Message);
        Assert.Equal(string.Empty, _context.OutputText);
    }

    private string Calls => File.ReadAllText(_context.PathOf("calls"));

    private OperatorRequest Request(string task, string options) => OperatorTestContext.Request($"{task}\ndocker: {{docker: {_docker}, {options}}}");

    private Task<OperatorOutcome> RunAsync(string task, string options) =>
        new ShOperator().RunAsync(Request(task, options), _context, TestContext.Current.CancellationToken);
}
