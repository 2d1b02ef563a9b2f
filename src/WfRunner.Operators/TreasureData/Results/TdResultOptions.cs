using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Results;

/// <summary>What a task does with the rows of its job. Digdag behaviour: operators-td 2.4 to 2.6.</summary>
/// <param name="DownloadFile">File of the project that takes the rows as CSV; null for none.</param>
/// <param name="StoreLastResults">Whether the first row is stored.</param>
/// <param name="Preview">Whether the first rows are shown.</param>
/// <param name="Target">The table that took the rows, which a preview then reads; null when the rows are the result.</param>
internal sealed record TdResultOptions(string? DownloadFile, bool StoreLastResults, bool Preview, TableName? Target)
{
    /// <summary>A job whose rows do not matter.</summary>
    public static TdResultOptions None { get; } = new(null, false, false, null);

    /// <summary>Reads the options.</summary>
    public static TdResultOptions Read(ConfigMap options, TableName? target) => new(
        options.GetStringOrNull("download_file"),
        StoresFirst(options),
        options.GetBooleanOr("preview", false),
        target);

    /// <summary>How many rows are needed; null for all.</summary>
    public int? RowsNeeded => DownloadFile is not null ? null
        : Preview && Target is null ? TdResultReader.PreviewRows
        : StoreLastResults ? 1
        : 0;

    /// <summary>What would be done with the rows, a line each.</summary>
    public IEnumerable<string> Describe()
    {
        if (DownloadFile is not null)
        {
            yield return $"writes the rows to {DownloadFile}";
        }

        if (StoreLastResults)
        {
            yield return "stores the first row as td.last_results";
        }

        if (Preview)
        {
            yield return "shows the first rows";
        }
    }

    // "first" as in pg>; only one row is ever stored.
    private static bool StoresFirst(ConfigMap options) =>
        options["store_last_results"] is ConfigText { Value: "first" } || options.GetBooleanOr("store_last_results", false);
}
