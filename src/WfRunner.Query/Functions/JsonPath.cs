using System.Globalization;
using System.Text.Json;
using WfRunner.Core.Config;

namespace WfRunner.Query.Functions;

/// <summary>
/// Presto's <c>json_extract</c> family: paths <c>$.a.b[0]["c d"]</c>; JSON that cannot be read, and places that do not exist, are
/// NULL (operators-td 22.8).
/// </summary>
internal static class JsonPath
{
    private const string Star = "*";

    /// <summary><c>json_extract_scalar</c>: the text of a scalar; NULL for objects, arrays and JSON null.</summary>
    public static string? ExtractScalar(string json, string path) => Find(json, path) switch
    {
        null or ConfigNull or ConfigMap or ConfigList => null,
        ConfigText text => text.Value,
        var scalar => ConfigJson.Write(scalar),
    };

    /// <summary><c>json_extract</c>: the JSON found.</summary>
    public static string? Extract(string json, string path) => Find(json, path) is { } found ? ConfigJson.Write(found) : null;

    /// <summary><c>json_size</c>: members of an object or array, 0 for a scalar.</summary>
    public static long? Size(string json, string path) => Find(json, path) switch
    {
        null => null,
        ConfigMap map => map.Count,
        ConfigList list => list.Items.Count,
        _ => 0,
    };

    /// <summary>All that a path finds, as a JSON array: what <c>json_query … WITH WRAPPER</c> gives.</summary>
    public static string? ExtractAll(string json, string path) =>
        FindAll(json, Steps(path)) is { } found ? ConfigJson.Write(new ConfigList(found)) : null;

    // What a path with a star finds is one array.
    private static ConfigValue? Find(string json, string path)
    {
        var steps = Steps(path);
        return FindAll(json, steps) switch
        {
            null => null,
            var all when steps.Contains(Star) => new ConfigList(all),
            [var one] => one,
            _ => null,
        };
    }

    private static List<ConfigValue>? FindAll(string json, List<string> steps)
    {
        List<ConfigValue> at;
        try
        {
            at = [ConfigJson.Parse(json)];
        }
        catch (JsonException)
        {
            return null;
        }

        foreach (var step in steps)
        {
            at = [.. at.SelectMany(v => Step(v, step))];
        }

        return at;
    }

    private static IEnumerable<ConfigValue> Step(ConfigValue at, string step) => (at, step) switch
    {
        (ConfigMap map, Star) => map.Select(m => m.Value),
        (ConfigList list, Star) => list.Items,
        (ConfigMap map, _) => map[step] is { } member ? [member] : [],
        (ConfigList list, _) when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Items.Count => [list.Items[i]],
        _ => [],
    };

    private static List<string> Steps(string path)
    {
        if (path.Length == 0 || path[0] != '$')
        {
            throw Invalid(path);
        }

        var steps = new List<string>();
        var i = 1;
        while (i < path.Length)
        {
            steps.Add(path[i] switch
            {
                '.' => Name(path, ref i),
                '[' => Bracket(path, ref i),
                _ => throw Invalid(path),
            });
        }

        return steps;
    }

    private static string Name(string path, ref int i)
    {
        var start = ++i;
        while (i < path.Length && path[i] is not ('.' or '['))
        {
            i++;
        }

        return i > start ? path[start..i].Trim('"') : throw Invalid(path);
    }

    private static string Bracket(string path, ref int i)
    {
        var quote = i + 1 < path.Length && path[i + 1] is '"' or '\'' ? path[i + 1] : '\0';
        var start = quote == '\0' ? i + 1 : i + 2;
        var end = path.IndexOf(quote == '\0' ? "]" : quote + "]", start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Invalid(path);
        }

        i = quote == '\0' ? end + 1 : end + 2;
        return path[start..end];
    }

    private static SqlFunctionException Invalid(string path) => new($"Invalid JSON path: '{path}'");
}
