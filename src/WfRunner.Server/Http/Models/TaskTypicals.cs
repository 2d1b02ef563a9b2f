using NodaTime;
using WfRunner.Storage.Overview;

namespace WfRunner.Server.Http.Models;

/// <summary>How long a task usually takes.</summary>
/// <param name="FullName">Its full name.</param>
/// <param name="Runs">In how many runs it took part.</param>
/// <param name="Median">Half of its durations are not longer.</param>
internal sealed record TaskTypical(string FullName, int Runs, Duration Median)
{
    /// <summary>What is usual for each task of some runs, by name.</summary>
    /// <param name="durations">The durations, in any order.</param>
    public static IEnumerable<TaskTypical> Of(IEnumerable<TaskDuration> durations) => durations
        .GroupBy(d => d.FullName, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => new TaskTypical(g.Key, g.Count(), MedianOf([.. g.Select(d => d.Took).Order()])));

    private static Duration MedianOf(List<Duration> sorted)
    {
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
