using System.IO.Compression;
using WfRunner.Core.Config;

namespace WfRunner.Conformance.Tables;

/// <summary>Runs every row of a table file.</summary>
internal static class TableRun
{
    public static IReadOnlyList<ITableComparer> Comparers { get; } = [new YamlTable(), new WorkflowsTable(), new SchedulesTable(), new TemplatesTable()];

    /// <summary>The rows of a file, one JSON object a line; a file that ends in .gz is unpacked.</summary>
    public static IEnumerable<ConfigMap> Rows(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return (ConfigMap)ConfigJson.Parse(line);
            }
        }
    }

    /// <summary>The mismatches of a table, each with its row's id in front.</summary>
    public static (int Passed, IReadOnlyList<string> Mismatches) Compare(string path)
    {
        var name = Path.GetFileName(path).Split('.')[0];
        var comparer = Comparers.FirstOrDefault(c => c.Table == name)
            ?? throw new ArgumentException($"No table is called '{name}'; there are {string.Join(", ", Comparers.Select(c => c.Table))}.", nameof(path));
        var passed = 0;
        var mismatches = new List<string>();
        foreach (var row in Rows(path))
        {
            if (comparer.Compare(row) is { } mismatch)
            {
                mismatches.Add($"{row.GetString("id")}: {mismatch}");
            }
            else
            {
                passed++;
            }
        }

        return (passed, mismatches);
    }
}
