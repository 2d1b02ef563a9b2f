using System.Globalization;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// Reads a result once, from the first row to the last, and serves everyone who wants something of it: the downloaded file, the
/// preview, the first row and the count. Digdag behaviour: operators-td 1.11, 2.4 to 2.6.
/// </summary>
internal sealed class TdResultReader
{
    /// <summary>Rows that a preview shows.</summary>
    public const int PreviewRows = 20;

    private readonly StringBuilder _preview = new();

    /// <summary>Number of rows.</summary>
    public long Count { get; private set; }

    /// <summary>The first row by column name; empty when there is none.</summary>
    public ConfigMap First { get; private set; } = ConfigMap.Empty;

    /// <summary>Header and first rows as CSV; null when there are no rows.</summary>
    public string? Preview => Count == 0 ? null : _preview.ToString();

    /// <summary>Reads all rows of a job that has finished.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">Its columns.</param>
    /// <param name="download">Path of the CSV file to write; null for none. It appears when it is complete.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task ReadAsync(IQueryJob job, QueryResult result, string? download, CancellationToken cancellationToken)
    {
        if (download is null)
        {
            await ReadAsync(job, result, TextWriter.Null, cancellationToken).ConfigureAwait(false);
            return;
        }

        var temporary = $"{download}.{job.Id}.tmp";
        try
        {
            var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false));
            await using (writer.ConfigureAwait(false))
            {
                await ReadAsync(job, result, writer, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, download, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task ReadAsync(IQueryJob job, QueryResult result, TextWriter csv, CancellationToken cancellationToken)
    {
        var header = TdCsv.Header(result.Columns);
        _preview.Append(header);
        await csv.WriteAsync(header).ConfigureAwait(false);
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

            Count++;
        }
    }

    // JSON has no NaN; parameters hold it as the text that dig files use for it.
    private static ConfigValue AsJson(ConfigValue value) => value is ConfigFloat { Value: var number } && !double.IsFinite(number)
        ? new ConfigText(number.ToString(CultureInfo.InvariantCulture))
        : value;
}
