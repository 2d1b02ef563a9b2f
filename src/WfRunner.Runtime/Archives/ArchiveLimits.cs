namespace WfRunner.Runtime.Archives;

/// <summary>How much an archive may hold; a small upload must not fill a disk.</summary>
/// <param name="MaximumFileSize">Largest file, in bytes unpacked.</param>
/// <param name="MaximumTotalSize">Sum of all files, in bytes unpacked.</param>
/// <param name="MaximumEntries">Number of entries.</param>
public sealed record ArchiveLimits(long MaximumFileSize, long MaximumTotalSize, int MaximumEntries)
{
    /// <summary>The limit of entries that nobody configures.</summary>
    public const int DefaultMaximumEntries = 20_000;

    /// <summary>Limits for archives of a server that the user chose to trust.</summary>
    public static ArchiveLimits Generous { get; } = new(16L << 30, 64L << 30, 1_000_000);

    /// <summary>The same limit for one file and for all of them, as <c>api.max_archive_total_size_limit</c> sets it.</summary>
    /// <param name="bytes">The limit.</param>
    /// <returns>The limits.</returns>
    public static ArchiveLimits OfTotal(long bytes) => new(bytes, bytes, DefaultMaximumEntries);
}
