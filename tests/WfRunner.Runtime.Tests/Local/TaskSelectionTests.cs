using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Runtime.Local;

namespace WfRunner.Runtime.Tests.Local;

public sealed class TaskSelectionTests
{
    private static readonly IReadOnlyList<CompiledTask> Tasks = WorkflowCompiler.Compile(string.Empty, "+wf", ConfigMap.Of(
        ("+one", Echo()), ("+group", ConfigMap.Of(("+a", Echo()), ("+b", Echo()))), ("+three", Echo())));

    [Fact]
    public void Without_options_everything_runs_and_may_be_resumed()
    {
        var selection = Select();

        Assert.True(selection.IsToRun("+wf+three"));
        Assert.True(selection.IsResumable("+wf+one"));
        Assert.True(selection.IsResumable("+wf+one^sub+loop-0"));
    }

    [Fact]
    public void Rerun_resumes_nothing() => Assert.False(Select(rerun: true).IsResumable("+wf+one"));

    [Fact]
    public void Start_resumes_only_what_comes_before()
    {
        var selection = Select(start: "+b");

        Assert.True(selection.IsResumable("+wf+one"));
        Assert.True(selection.IsResumable("+wf+group+a"));
        Assert.False(selection.IsResumable("+wf+group+b"));
        Assert.False(selection.IsResumable("+wf+three"));
        Assert.True(selection.IsToRun("+wf+three"));
    }

    [Fact]
    public void Goal_runs_nothing_behind_it_and_its_generated_tasks_with_it()
    {
        var selection = Select(goal: "+group");

        Assert.True(selection.IsToRun("+wf+one"));
        Assert.True(selection.IsToRun("+wf+group+b^sub+loop-1"));
        Assert.False(selection.IsToRun("+wf+three"));
    }

    [Fact]
    public void End_stops_before_it()
    {
        var selection = Select(end: "+three");

        Assert.True(selection.IsToRun("+wf+group+b"));
        Assert.False(selection.IsToRun("+wf+three"));
    }

    [Theory]
    [InlineData("+wf^failure-alert")]
    [InlineData("+wf+one^error")]
    public void Handlers_of_failures_always_run_anew(string name)
    {
        var selection = Select(end: "+one");

        Assert.True(selection.IsToRun(name));
        Assert.False(selection.IsResumable(name));
    }

    private static TaskSelection Select(bool rerun = false, string? start = null, string? goal = null, string? end = null) =>
        TaskSelection.Of(Tasks, rerun, Find(start), Find(goal), Find(end));

    private static CompiledTask? Find(string? pattern) => pattern is null ? null : TaskPattern.Parse(pattern).FindIn(Tasks);

    private static ConfigMap Echo() => ConfigMap.Of(("echo>", "x"));
}
