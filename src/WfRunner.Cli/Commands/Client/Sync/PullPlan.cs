namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>What a pull does to a folder.</summary>
internal sealed class PullPlan
{
    private PullPlan(ProjectDiff diff, IReadOnlyList<string> changedHere, IReadOnlyList<string> gone)
    {
        Diff = diff;
        ChangedHere = changedHere;
        Gone = gone;
    }

    /// <summary>From the folder to the server's revision; files that only the folder has are left out unless they go.</summary>
    public ProjectDiff Diff { get; }

    /// <summary>Files that would be replaced although they were changed here, or were never in step with the server.</summary>
    public IReadOnlyList<string> ChangedHere { get; }

    /// <summary>Files that the server no longer has and that were not changed here since.</summary>
    public IReadOnlyList<string> Gone { get; }

    /// <summary>Plans a pull.</summary>
    /// <param name="directory">Absolute path of the folder, which may not exist.</param>
    /// <param name="record">What it was in step with; null when nobody knows.</param>
    /// <param name="revision">The server's revision.</param>
    public static PullPlan Of(string directory, SyncRecord? record, ProjectSnapshot revision)
    {
        var known = record?.Files ?? new Dictionary<string, string>();
        var removed = known.Keys.Where(p => !revision.Files.ContainsKey(p)).ToList();
        var here = ProjectSnapshot.OfPaths(directory, revision.Files.Keys.Concat(removed));
        var gone = removed.Where(p => here.Files.TryGetValue(p, out var file) && file.Sha256 == known[p]).ToList();
        var before = ProjectSnapshot.OfPaths(directory, revision.Files.Keys.Concat(gone));
        var diff = new ProjectDiff(before, revision);
        return new PullPlan(
            diff,
            [.. diff.Modified.Where(p => here.Files[p].Sha256 != revision.Files[p].Sha256 && known.GetValueOrDefault(p) != here.Files[p].Sha256)],
            gone);
    }

    /// <summary>Changes the folder.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <exception cref="CommandLine.CommandLineException">A folder in the way is a link, so that files would go elsewhere.</exception>
    public void Apply(string directory)
    {
        foreach (var path in Diff.Added.Concat(Diff.Modified))
        {
            Replace(directory, path);
        }

        foreach (var path in Gone)
        {
            RefuseLinks(directory, path);
            File.Delete(Path.Combine(directory, path));
        }
    }

    private void Replace(string directory, string path)
    {
        RefuseLinks(directory, path);
        var target = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var source = new FileInfo(Diff.After.PathOf(path));
        File.Delete(target);
        if (source.LinkTarget is { } link)
        {
            File.CreateSymbolicLink(target, link);
            return;
        }

        File.Copy(source.FullName, target);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target, source.UnixFileMode);
        }
    }

    private static void RefuseLinks(string directory, string path)
    {
        var at = directory;
        foreach (var part in path.Split('/')[..^1])
        {
            at = Path.Combine(at, part);
            if (new DirectoryInfo(at).LinkTarget is not null)
            {
                throw new CommandLine.CommandLineException($"{at} is a link; {path} is not written through it");
            }
        }
    }
}
