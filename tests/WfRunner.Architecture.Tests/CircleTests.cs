using ArchUnitNET.Loader;

namespace WfRunner.Architecture.Tests;

/// <summary>No circles between folders, and no I/O in the pure core.</summary>
public sealed class CircleTests
{
    public static TheoryData<string> Projects => ["WfRunner.Cloud", "WfRunner.Core", "WfRunner.Operators", "WfRunner.Runtime"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_know_each_other_in_one_direction_only(string project)
    {
        var folders = FolderGraph(project);

        Assert.True(FindCircle(folders) is not { } circle, "circle between folders: " + string.Join(" -> ", FindCircle(folders) ?? []));
    }

    [Fact]
    public void The_core_touches_neither_files_nor_the_clock()
    {
        string[] forbidden = ["System.IO.File", "System.IO.Directory", "System.IO.FileInfo", "System.IO.FileStream", "System.Diagnostics.Process", "System.Console"];
        var uses = Load("WfRunner.Core").Types
            .Where(t => t.FullName.StartsWith("WfRunner.Core", StringComparison.Ordinal))
            .SelectMany(t => t.Dependencies.Where(d => forbidden.Contains(d.Target.FullName)).Select(d => $"{t.FullName} uses {d.Target.FullName}"))
            .Distinct();

        Assert.Empty(uses);
    }

    private static Dictionary<string, HashSet<string>> FolderGraph(string project)
    {
        var graph = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var type in Load(project).Types.Where(t => Folder(project, t.FullName) is not null))
        {
            var from = Folder(project, type.FullName)!;
            var known = graph.TryGetValue(from, out var existing) ? existing : graph[from] = [];
            known.UnionWith(type.Dependencies.Select(d => Folder(project, d.Target.FullName)).OfType<string>().Where(f => f != from));
        }

        return graph;
    }

    // The first folder below the project; what stands at its top knows nobody or everybody and takes no part.
    private static string? Folder(string project, string fullName)
    {
        if (!fullName.StartsWith(project + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = fullName[(project.Length + 1)..].Split('.');
        return rest.Length > 1 ? rest[0] : null;
    }

    private static List<string>? FindCircle(Dictionary<string, HashSet<string>> graph)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        return graph.Keys.Select(start => Walk(start, [])).FirstOrDefault(c => c is not null);

        List<string>? Walk(string at, List<string> path)
        {
            if (path.Contains(at))
            {
                return [.. path.SkipWhile(p => p != at), at];
            }

            if (!done.Add(at) || !graph.TryGetValue(at, out var next))
            {
                return null;
            }

            return next.Select(n => Walk(n, [.. path, at])).FirstOrDefault(c => c is not null);
        }
    }

    private static ArchUnitNET.Domain.Architecture Load(string project) => new ArchLoader().LoadAssemblies(System.Reflection.Assembly.Load(project)).Build();
}
