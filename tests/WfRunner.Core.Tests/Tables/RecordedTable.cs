using System.Collections.Concurrent;
using System.IO.Compression;
using WfRunner.Core.Config;

namespace WfRunner.Core.Tests.Tables;

/// <summary>Rows that were recorded from the real Digdag 0.10.5: an input, then <c>out</c> or <c>error_message</c>.</summary>
internal static class RecordedTable
{
    private static readonly ConcurrentDictionary<string, ILookup<string, ConfigMap>> Tables = new(StringComparer.Ordinal);

    public static TheoryData<string> Groups(string name) => new(Table(name).Select(g => g.Key).Order(StringComparer.Ordinal));

    /// <summary>Compares every row of a group. An exception that a row does not need any more is a mismatch, too.</summary>
    /// <param name="name">The table.</param>
    /// <param name="group">The group.</param>
    /// <param name="compare">Null when the answer is the recorded one, else <c>want …, got …</c>.</param>
    /// <param name="exceptions">Rows that differ on purpose, with the reason.</param>
    public static void Compare(string name, string group, Func<ConfigMap, string?> compare, IReadOnlyDictionary<string, string> exceptions)
    {
        var mismatches = new List<string>();
        foreach (var row in Table(name)[group])
        {
            var id = row.GetString("id");
            var mismatch = compare(row);
            if (exceptions.TryGetValue(id, out var reason))
            {
                mismatch = mismatch is null ? $"matches although it is an exception ({reason})" : null;
            }

            if (mismatch is not null)
            {
                mismatches.Add($"{id}: {mismatch}");
            }
        }

        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    private static ILookup<string, ConfigMap> Table(string name) =>
        Tables.GetOrAdd(name, static n => Rows(n).ToLookup(r => r.GetString("group"), StringComparer.Ordinal));

    private static IEnumerable<ConfigMap> Rows(string name)
    {
        using var resource = typeof(RecordedTable).Assembly.GetManifestResourceStream(name + ".jsonl.gz")
            ?? throw new ArgumentException($"There is no table '{name}'.", nameof(name));
        using var unpacked = new GZipStream(resource, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        while (reader.ReadLine() is { } line)
        {
            yield return (ConfigMap)ConfigJson.Parse(line);
        }
    }

    /// <summary>Whether two values are the same JSON with the same order of keys; an integer is no fraction.</summary>
    public static bool Same(ConfigValue got, ConfigValue want) => (got, want) switch
    {
        (ConfigMap g, ConfigMap w) => g.Count == w.Count && g.Zip(w).All(p => p.First.Key == p.Second.Key && Same(p.First.Value, p.Second.Value)),
        (ConfigList g, ConfigList w) => g.Items.Count == w.Items.Count && g.Items.Zip(w.Items).All(p => Same(p.First, p.Second)),
        _ => got.DeepEquals(want),
    };
}
