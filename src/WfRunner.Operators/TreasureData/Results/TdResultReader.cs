using System.Globalization;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Results;

/// <summary>
/// Reads a result once and serves everyone who wants something of it: the downloaded file, the preview, the first row and the count.
/// Digdag behaviour: operators-td 1.11, 2.4 to 2.6.
/// </summary>
internal sealed class TdResultReader
{
    /// <summary>Rows that a preview shows.</summary>
    public const int PreviewRows = 20;

    private readonly StringBuilder _preview = new();

    /// <summary>Number of rows that were read.</summary>
    public long Count { get; private set; }

    /// <summary>The first row by column name; empty when there is none.</summary>
    public ConfigMap First { get; private set; } = ConfigMap.Empty;

    /// <summary>Header and first rows as CSV; null when there are no rows.</summary>
    public string? Preview => Count == 0 ? null : _preview.ToString();

    /// <summary>Reads rows of a job that has finished.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">Its columns.</param>
    /// <param name="download">Path of the CSV file to write; null for none. It appears when it is complete.</param>
    /// <param name="limit">The most rows to read; null for all.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task ReadAsync(IQueryJob job, QueryResult result, string? download, long? limit, CancellationToken cancellationToken)
    {
        if (download is null)
        {
            await ReadAsync(job, result, TextWriter.Null, limit, cancellationToken).ConfigureAwait(false);
            return;
        }

        var temporary = $"{download}.{job.Id}.tmp";
        try
        {
            var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false));
            await using (writer.ConfigureAwait(false))
            {
                await ReadAsync(job, result, writer, limit, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, download, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task ReadAsync(IQueryJob job, QueryResult result, TextWriter csv, long? limit, CancellationToken cancellationToken)
    {
        var header = TdCsv.Header(result.Columns);
        _preview.Append(header);
        await csv.WriteAsync(header).ConfigureAwait(false);
        if (limit == 0)
        {
            return;
        }

        await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Count == 0)
            {
                First = ConfigMap.Of(result.Columns.Zip(row, (column, value) => (column.Name, AsJson(value))));
            }

            if (Count < PreviewRows)
            {
                _preview.Append(TdCsv.Row(row));
            }

            if (csv != TextWriter.Null)
            {
                await csv.WriteAsync(TdCsv.Row(row)).ConfigureAwait(false);
            }

            if (++Count == limit)
            {
                return;
            }
        }
    }

    // JSON has no NaN; parameters hold it as the text that dig files use for it.
    internal static ConfigValue AsJson(ConfigValue value) => value is ConfigFloat { Value: var number } && !double.IsFinite(number)
        ? new ConfigText(number.ToString(CultureInfo.InvariantCulture))
        : value;
}
