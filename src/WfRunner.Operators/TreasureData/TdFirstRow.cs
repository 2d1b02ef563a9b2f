using WfRunner.Core.Config;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The first row of a job that decides whether to go on waiting.</summary>
internal static class TdFirstRow
{
    /// <summary>Reads it and ends the job's reading there.</summary>
    /// <returns>The row; null when there is none.</returns>
    public static async Task<IReadOnlyList<ConfigValue>?> ReadAsync(JobStep.Finished step, CancellationToken cancellationToken)
    {
        var job = step.Job;
        await using (job.ConfigureAwait(false))
        {
            try
            {
                await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
                {
                    return row;
                }
            }
            catch (ResultMissingException)
            {
                return null;
            }
        }

        return null;
    }
}
