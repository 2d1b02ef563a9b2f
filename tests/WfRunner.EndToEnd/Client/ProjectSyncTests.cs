using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Client;

/// <summary>A folder and a project of a real server kept in step: push, pull, clone and use.</summary>
public sealed class ProjectSyncTests
{
    private const string Tdx = """{"workflow_project": "p", "other": [1]}""";

    [Fact]
    public async Task A_push_shows_what_changes_and_pushes_nothing_twice()
    {
        using var folder = new TestFolder(("main.dig", "+a:\n  echo>: one\n"), ("q.sql", "select 1\n"), ("gone.txt", "x"), ("tdx.json", Tdx));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        var dry = (await Run("push", "--dry-run")).Exits(0);
        Assert.Equal("Project: p (new)\n  + gone.txt\n  + main.dig\n  + q.sql\n  + tdx.json\nChanges: +4 new, ~0 modified, -0 deleted\nDry run - nothing pushed\n", dry.Out);
        Assert.Equal("[]\n", (await Run("projects", "--json")).Exits(0).Out);

        Assert.Contains("Uploaded:\n  id: 1\n  name: p\n", (await Run("push", "--yes")).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("Nothing changed - nothing pushed", (await Run("push", "--yes")).Exits(0).Out, StringComparison.Ordinal);
        folder.Write("main.dig", "+a:\n  echo>: two\n");
        folder.Write("sub/new.txt", "x");
        File.Delete(folder.PathOf("gone.txt"));
        folder.WorkingDirectory = folder.PathOf("sub");
        var changed = (await Run("push", "--dry-run")).Exits(0);

        Assert.Equal(
            "Project: p\n  + sub/new.txt\n  - gone.txt\n  ~ main.dig\n    @@ -1,2 +1,2 @@\n     +a:\n    -  echo>: one\n    +  echo>: two\nChanges: +1 new, ~1 modified, -1 deleted\nDry run - nothing pushed\n",
            changed.Out);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Errors_stop_a_push_unless_they_are_wanted()
    {
        using var folder = new TestFolder(("main.dig", "retries: 1\n+a: {echo>: x}\n"), ("tdx.json", Tdx));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        var refused = (await Wf.RunAsync(folder, "push", "--yes", "-e", server.Endpoint)).Exits(1);

        Assert.Contains("main.dig:1:1: error WF0706", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing is pushed: 1 error for wf. --skip-validation pushes nevertheless.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("error: Status code 400: ", (await Wf.RunAsync(folder, "push", "--yes", "--skip-validation", "-e", server.Endpoint)).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_project_a_push_says_what_to_do()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}\n"));

        Assert.Contains("error: No tdx.json found\n", (await Wf.RunAsync(folder, "push")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("--dry-run is for a push without a project's name", (await Wf.RunAsync(folder, "push", "p", "--dry-run")).Exits(1).Error.Replace("-d is", "--dry-run is", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_push_keeps_Digdags_lines_and_shows_a_difference_when_asked()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}\n"));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Wf.RunAsync(folder, "push", "p", "-e", server.Endpoint)).Exits(0);
        folder.Write("main.dig", "+a: {echo>: y}\n");
        var push = (await Wf.RunAsync(folder, "push", "p", "--diff", "-e", server.Endpoint)).Exits(0);

        Assert.Matches(@"\ACreating \S+\.\.\.\n  Archiving main\.dig\nWorkflows:\n  main\.dig\n  ~ main\.dig\n    @@ -1,1 \+1,1 @@\n    -\+a: \{echo>: x\}\n    \+\+a: \{echo>: y\}\nChanges: .*\nUploaded:\n", push.Out);
    }

    [Fact]
    public async Task A_pull_brings_files_links_and_modes_and_says_whose_project_it_is()
    {
        using var source = new TestFolder(("main.dig", "+a: {sh>: ./run.sh}\n"), ("run.sh", "#!/bin/sh\n"), ("sub/data.txt", "1"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(source.PathOf("run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.CreateSymbolicLink(source.PathOf("sub/link.sh"), "../run.sh");
        await using var server = await ServerProcess.StartAsync(source, "--memory");
        (await Wf.RunAsync(source, "push", "p", "-r", "r1", "-e", server.Endpoint)).Exits(0);
        using var target = new TestFolder();
        Assert.Contains("Dry run - nothing changed", (await Wf.RunAsync(target, "pull", "p", "--dry-run", "-e", server.Endpoint)).Exits(0).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target.PathOf("workflows")));

        var pull = (await Wf.RunAsync(target, "pull", "p", "-e", server.Endpoint)).Exits(0);

        Assert.EndsWith("Pulled project 'p' revision 'r1' to workflows/p.\n", pull.Out, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(target.PathOf("workflows/p/run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("../run.sh", new FileInfo(target.PathOf("workflows/p/sub/link.sh")).LinkTarget);
        Assert.Contains("\"workflow_project\": \"p\"", target.Read("workflows/p/tdx.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_keeps_what_was_changed_here_until_it_is_told_otherwise()
    {
        using var ours = new TestFolder(("main.dig", "+a: {echo>: 1}\n"), ("same.txt", "same"), ("away.txt", "away"), ("tdx.json", Tdx));
        await using var server = await ServerProcess.StartAsync(ours, "--memory");
        (await Wf.RunAsync(ours, "push", "-y", "-e", server.Endpoint)).Exits(0);
        using var theirs = new TestFolder();
        (await Wf.RunAsync(theirs, "pull", "p", "-e", server.Endpoint)).Exits(0);
        theirs.WorkingDirectory = theirs.PathOf("workflows/p");
        theirs.Write("workflows/p/main.dig", "+a: {echo>: 2}\n");
        File.Delete(theirs.PathOf("workflows/p/away.txt"));
        (await Wf.RunAsync(theirs, "push", "-y", "-e", server.Endpoint)).Exits(0);

        ours.Write("mine.txt", "never pushed");
        var clean = (await Wf.RunAsync(ours, "pull", "-e", server.Endpoint)).Exits(0);
        Assert.Contains("Changes: +0 new, ~1 modified, -1 deleted", clean.Out, StringComparison.Ordinal);
        Assert.Equal("+a: {echo>: 2}\n", ours.Read("main.dig"));
        Assert.False(File.Exists(ours.PathOf("away.txt")));
        Assert.Equal("never pushed", ours.Read("mine.txt"));
        Assert.Contains("\"other\"", ours.Read("tdx.json"), StringComparison.Ordinal);

        ours.Write("main.dig", "+a: {echo>: mine}\n");
        theirs.Write("workflows/p/main.dig", "+a: {echo>: 3}\n");
        (await Wf.RunAsync(theirs, "push", "-y", "-e", server.Endpoint)).Exits(0);
        var refused = (await Wf.RunAsync(ours, "pull", "-e", server.Endpoint)).Exits(1);
        Assert.Contains("Changed here since the last pull or push:\n  main.dig\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal("+a: {echo>: mine}\n", ours.Read("main.dig"));
        Assert.Contains("replaces what others changed", (await Wf.RunAsync(ours, "push", "--dry-run", "-e", server.Endpoint)).Exits(0).Error, StringComparison.Ordinal);
        (await Wf.RunAsync(ours, "pull", "--yes", "-e", server.Endpoint)).Exits(0);
        Assert.Equal("+a: {echo>: 3}\n", ours.Read("main.dig"));
    }

    [Fact]
    public async Task A_pull_never_writes_through_a_link()
    {
        using var source = new TestFolder(("main.dig", "+a: {echo>: 1}\n"), ("sub/x.txt", "theirs"));
        await using var server = await ServerProcess.StartAsync(source, "--memory");
        (await Wf.RunAsync(source, "push", "p", "-e", server.Endpoint)).Exits(0);
        using var target = new TestFolder(("elsewhere/x.txt", "mine"));
        Directory.CreateDirectory(target.PathOf("p"));
        Directory.CreateSymbolicLink(target.PathOf("p/sub"), "../elsewhere");

        var pull = (await Wf.RunAsync(target, "pull", "p", "p", "--yes", "-e", server.Endpoint)).Exits(1).ShowsNoTrace();

        Assert.Contains("is a link; sub/x.txt is not written through it", pull.Error, StringComparison.Ordinal);
        Assert.Equal("mine", target.Read("elsewhere/x.txt"));
    }

    [Fact]
    public async Task A_clone_is_a_project_of_its_own()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: 1}\n"), ("tdx.json", Tdx));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Wf.RunAsync(folder, "clone", "--name", "copy", "--yes", "-e", server.Endpoint)).Exits(0);
        var again = (await Wf.RunAsync(folder, "clone", "--name", "copy", "--yes", "-e", server.Endpoint)).Exits(1);

        Assert.Contains("Project 'copy' exists already", again.Error, StringComparison.Ordinal);
        Assert.Equal(["copy"], (await Wf.RunAsync(folder, "projects", "--tsv", "-e", server.Endpoint)).Lines.Skip(1).Select(l => l.Split('\t')[1]));
        (await Wf.RunAsync(folder, "clone", "-e", server.Endpoint)).Exits(1);
    }

    [Fact]
    public async Task Use_chooses_the_project_of_a_folder()
    {
        using var folder = new TestFolder();
        (await Wf.RunAsync(folder, "use")).Exits(1);
        folder.Write("tdx.json", """{"other": 1}""");
        (await Wf.RunAsync(folder, "use", "etl")).Exits(0);
        Assert.Equal("Project etl (tdx.json)\n", (await Wf.RunAsync(folder, "use")).Exits(0).Out);
        (await Wf.RunAsync(folder, "use", "--clear")).Exits(0);
        Assert.Equal("{\n  \"other\": 1\n}\n", folder.Read("tdx.json"));
        folder.Write("tdx.json", "[");
        Assert.Contains("tdx.json cannot be read", (await Wf.RunAsync(folder, "use")).Exits(1).ShowsNoTrace().Error, StringComparison.Ordinal);
    }
}
