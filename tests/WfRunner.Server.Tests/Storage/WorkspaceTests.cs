using System.Formats.Tar;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Server.Tests.Nodes;

namespace WfRunner.Server.Tests.Storage;

/// <summary>The folders that tasks work in: copies of unpacked revisions that nobody else sees. Digdag behaviour: server 13.</summary>
public sealed class WorkspaceTests : IDisposable
{
    private readonly ProbeOperator _probe = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-workspace-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_one_task_does_to_its_files_no_other_task_sees()
    {
        var vandal = new VandalOperator();
        await using var server = await StartAsync(vandal);
        await PushAsync(server);
        await server.StartAttemptAsync();

        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
        const string whole = "data/run.sh=echo run UserExecute, UserWrite, UserRead; link=data/run.sh->echo run; wf.dig; ";
        Assert.Equal([whole, whole], vandal.Seen);
        Assert.Equal(2, vandal.Folders.Distinct().Count());
        Assert.DoesNotContain(vandal.Folders, Directory.Exists);
    }

    [Fact]
    public async Task A_revision_is_unpacked_once()
    {
        await using var server = await StartAsync(new VandalOperator());
        await PushAsync(server);
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();
        await server.StartAttemptAsync(time: "2027-01-01T00:00:00Z");
        await server.EndOfAsync("2");

        Assert.Single(Directory.GetFiles(_folder, "run.sh", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Only_the_revisions_used_last_are_kept()
    {
        const int More = 20;
        await using var server = await StartAsync(new VandalOperator());
        for (var i = 1; i <= More; i++)
        {
            await server.PushAsync("demo", $"r{i}", ("wf.dig", $"+a:\n  vandal>: x{i}\n"));
            await server.StartAttemptAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture), time: $"2027-01-{i:00}T00:00:00Z");
            await server.EndOfAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(16, Directory.GetFiles(_folder, "wf.dig", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task What_killed_servers_left_is_removed_and_what_others_use_is_not()
    {
        var left = Path.Combine(_folder, "wf-server-killed");
        var foreign = Path.Combine(_folder, "wf-server-elsewhere");
        foreach (var (folder, owner) in ((string, string)[])[(left, Environment.MachineName), (foreign, "another-machine")])
        {
            Directory.CreateDirectory(Path.Combine(folder, "workspace", "1_wf_1_2"));
            await File.WriteAllTextAsync(Path.Combine(folder, "owner"), owner + "\n", TestContext.Current.CancellationToken);
        }

        await using var one = await StartAsync(new VandalOperator());
        var work = Assert.Single(Directory.GetDirectories(_folder, "wf-server-*").Except([left, foreign]));
        await using var two = await StartAsync(new VandalOperator());

        await Eventually.HoldsAsync(() => !Directory.Exists(left));
        Assert.True(Directory.Exists(work));
        Assert.True(Directory.Exists(foreign));
    }

    private Task<RunningServer> StartAsync(IOperator vandal) => RunningServer.StartAsync(_probe, null, null, [vandal], ("tmpdir", _folder));

    private static Task PushAsync(RunningServer server) => server.PushAsync(
        "api/projects?project=demo&revision=r1",
        RunningServer.Archive(tar =>
        {
            Add("wf.dig", "+a:\n  vandal>: a\n+b:\n  vandal>: b\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Add("data/run.sh", "echo run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "data/run.sh" });

            void Add(string name, string text, UnixFileMode mode) => tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }));

    /// <summary>Tells what it finds, and then spoils everything.</summary>
    private sealed class VandalOperator : IOperator
    {
        public List<string> Seen { get; } = [];

        public List<string> Folders { get; } = [];

        public OperatorDescription Description { get; } = new(
            "vandal", "Spoils its files.", new OperatorParameter("_command", ParameterType.Text, "Anything."), []);

        public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
        {
            Folders.Add(context.ProjectDirectory);
            var seen = new StringBuilder();
            foreach (var file in Directory.GetFiles(context.ProjectDirectory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = Path.GetRelativePath(context.ProjectDirectory, file);
                seen.Append(new FileInfo(file) switch
                {
                    { LinkTarget: { } target } => $"{name}={target}->{File.ReadAllText(file)}; ",
                    { Name: "run.sh" } when !OperatingSystem.IsWindows() => $"{name}={File.ReadAllText(file)} {File.GetUnixFileMode(file)}; ",
                    _ => $"{name}; ",
                });
            }

            Seen.Add(seen.ToString());
            foreach (var file in Directory.GetFiles(context.ProjectDirectory, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).LinkTarget is null))
            {
                File.AppendAllText(file, "spoilt");
            }

            File.WriteAllText(Path.Combine(context.ProjectDirectory, "new.txt"), "new");
            return Task.FromResult<OperatorOutcome>(new OperatorOutcome.Succeeded(TaskResult.Empty));
        }
    }
}
