using WfRunner.Core;

namespace WfRunner.Operators.Tests;

public sealed class WorkspaceTests : IDisposable
{
    private readonly OperatorTestContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("{}", "a/b.txt", "a/b.txt")]
    [InlineData("{_workdir: sub}", "b.txt", "sub/b.txt")]
    [InlineData("{_workdir: sub}", "../b.txt", "b.txt")]
    [InlineData("{_workdir: ''}", "./b.txt", "b.txt")]
    [InlineData("{}", "..b/c..d", "..b/c..d")]
    public void Names_start_in_the_working_directory(string task, string name, string expected) =>
        Assert.Equal(_context.PathOf(expected), Open(task).PathOf(name));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/x")]
    public void A_name_must_not_leave_the_project(string name)
    {
        var failure = Assert.Throws<WorkflowException>(() => Open("{}").PathOf(name));

        Assert.Equal($"File name must not be outside of project path ({_context.ProjectDirectory}): {name}", failure.Message);
        Assert.Equal(FailureKind.IllegalArgument, failure.Kind);
    }

    [Fact]
    public void A_folder_whose_name_starts_like_the_project_is_outside()
    {
        var name = "../" + Path.GetFileName(_context.ProjectDirectory) + "2/x";

        Assert.Throws<WorkflowException>(() => Open("{}").PathOf(name));
    }

    [Fact]
    public void A_link_must_not_lead_out_of_the_project()
    {
        Directory.CreateSymbolicLink(_context.PathOf("out"), Path.GetTempPath());

        Assert.Throws<WorkflowException>(() => Open("{}").PathOf("out/x"));
    }

    [Fact]
    public void A_link_inside_the_project_is_followed()
    {
        Directory.CreateDirectory(_context.PathOf("real"));
        Directory.CreateSymbolicLink(_context.PathOf("link"), _context.PathOf("real"));

        Assert.Equal(_context.PathOf("link/x"), Open("{}").PathOf("link/x"));
    }

    [Fact]
    public void The_working_directory_must_not_leave_the_project() => Assert.Equal(
        $"Working directory must not be outside of project path ({_context.ProjectDirectory}): ../x",
        Assert.Throws<WorkflowException>(() => Open("{_workdir: ../x}")).Message);

    private Workspace Open(string task) => Workspace.Of(OperatorTestContext.Request(task), _context);
}
