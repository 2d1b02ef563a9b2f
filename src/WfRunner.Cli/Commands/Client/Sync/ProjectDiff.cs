namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>What makes one state of a project into another.</summary>
/// <param name="Before">The state before.</param>
/// <param name="After">The state after.</param>
internal sealed record ProjectDiff(ProjectSnapshot Before, ProjectSnapshot After)
{
    /// <summary>Files that are only there after.</summary>
    public IReadOnlyList<string> Added { get; } = [.. After.Files.Keys.Where(p => !Before.Files.ContainsKey(p))];

    /// <summary>Files that differ.</summary>
    public IReadOnlyList<string> Modified { get; } =
        [.. After.Files.Where(f => Before.Files.TryGetValue(f.Key, out var old) && old != f.Value).Select(f => f.Key)];

    /// <summary>Files that are only there before.</summary>
    public IReadOnlyList<string> Deleted { get; } = [.. Before.Files.Keys.Where(p => !After.Files.ContainsKey(p))];

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Added.Count + Modified.Count + Deleted.Count == 0;
}
