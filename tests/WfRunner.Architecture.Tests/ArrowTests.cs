using System.Reflection;

namespace WfRunner.Architecture.Tests;

/// <summary>
/// The floors of the house and who may know whom (docs/architecture.md). A project that gains an arrow must change this table, and
/// whoever reviews that sees it.
/// </summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["WfRunner.Core"] = [],
        ["WfRunner.Query"] = ["WfRunner.Core"],
        ["WfRunner.Cloud"] = ["WfRunner.Core"],
        ["WfRunner.Operators"] = ["WfRunner.Cloud", "WfRunner.Core", "WfRunner.Query"],
        ["WfRunner.Runtime"] = ["WfRunner.Cloud", "WfRunner.Core", "WfRunner.Operators"],
        ["WfRunner.Storage"] = ["WfRunner.Core"],
        ["WfRunner.Server"] = ["WfRunner.Cloud", "WfRunner.Core", "WfRunner.Operators", "WfRunner.Runtime", "WfRunner.Storage"],
        ["WfRunner.Client"] = ["WfRunner.Core"],
        ["wf"] = ["WfRunner.Cloud", "WfRunner.Core", "WfRunner.Client", "WfRunner.Operators", "WfRunner.Query", "WfRunner.Runtime", "WfRunner.Server", "WfRunner.Storage"],
    };

    public static TheoryData<string> Projects => [.. MayKnow.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_lower_floors(string project)
    {
        var known = Assembly.Load(project).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => n.StartsWith("WfRunner.", StringComparison.Ordinal) || n == "wf");

        Assert.Empty(known.Except(MayKnow[project]));
    }

    [Fact]
    public void The_core_opens_no_file_process_or_socket()
    {
        var core = Assembly.Load("WfRunner.Core").GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.DoesNotContain("System.Diagnostics.Process", core);
        Assert.DoesNotContain("System.Net.Http", core);
        Assert.DoesNotContain("System.Net.Sockets", core);
        Assert.DoesNotContain("System.IO.FileSystem.Watcher", core);
        Assert.DoesNotContain("Serilog", core);
    }
}
