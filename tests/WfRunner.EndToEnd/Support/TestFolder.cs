namespace WfRunner.EndToEnd.Support;

/// <summary>A folder of its own for one test: a project, a home, and a clock that may stand at another time.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("wf-test-").FullName;

    public TestFolder(params IEnumerable<(string Path, string Text)> files)
    {
        WorkingDirectory = Path.Combine(_root, "project");
        Home = Path.Combine(_root, "home");
        Directory.CreateDirectory(WorkingDirectory);
        Directory.CreateDirectory(Home);
        foreach (var (path, text) in files)
        {
            Write(path, text);
        }
    }

    /// <summary>Where the program is started.</summary>
    public string WorkingDirectory { get; set; }

    public string Home { get; }

    /// <summary>The time the program sees first, in the zone Asia/Tokyo, as <c>yyyy-MM-dd HH:mm:ss</c>; null for the real one.</summary>
    public string? Now { get; init; }

    /// <summary>A copy of a sample project.</summary>
    public static TestFolder WithSample(string? now = null, string name = "wf_sample")
    {
        var folder = new TestFolder { Now = now };
        var sample = Path.Combine(AppContext.BaseDirectory, "samples", name);
        foreach (var file in Directory.EnumerateFiles(sample, "*", SearchOption.AllDirectories))
        {
            var target = folder.PathOf(Path.GetRelativePath(sample, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    public string PathOf(string relative) => Path.Combine(_root, "project", relative);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public string Read(string path) => File.ReadAllText(PathOf(path));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
