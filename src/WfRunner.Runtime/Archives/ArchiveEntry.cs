namespace WfRunner.Runtime.Archives;

/// <summary>Something that was put into an archive or taken out of it.</summary>
/// <param name="Path">Path in the project, with <c>/</c>.</param>
/// <param name="LinkTarget">What a symbolic link points to, relative to its own folder; null for a file.</param>
public sealed record ArchiveEntry(string Path, string? LinkTarget);
