using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client.Listing;

/// <summary>A column of a list as a table or as tab-separated values.</summary>
/// <param name="Title">Its title, as the header line has it.</param>
/// <param name="Path">Where the value stands in the server's object: keys with dots between them.</param>
internal sealed record ListColumn(string Title, string Path)
{
    /// <summary>Columns whose titles are their paths.</summary>
    /// <param name="paths">The paths.</param>
    public static IReadOnlyList<ListColumn> Of(params IEnumerable<string> paths) => [.. paths.Select(p => new ListColumn(p, p))];

    /// <summary>The value in a row, as text: texts as they are, objects and lists as JSON, nothing for null.</summary>
    /// <param name="row">The server's object.</param>
    public string ValueIn(ConfigMap row)
    {
        ConfigValue? value = row;
        foreach (var key in Path.Split('.'))
        {
            value = (value as ConfigMap)?[key];
        }

        return value switch
        {
            null or ConfigNull => string.Empty,
            ConfigText text => text.Value,
            _ => ConfigJson.Write(value),
        };
    }
}
