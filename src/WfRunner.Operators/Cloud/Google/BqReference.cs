using System.Text.RegularExpressions;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// How users name datasets and tables of BigQuery: <c>[project:]dataset</c> and <c>[project:][dataset.]table[$partition]</c>. Digdag
/// behaviour: operators-cloud 5. Better than Digdag: projects of a domain (<c>example.com:p</c>) and table names with hyphens and
/// other letters are understood.
/// </summary>
internal static partial class BqReference
{
    /// <summary>A dataset as the service names it.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public static ConfigMap Dataset(string text, string project) => DatasetForm().Match(text) is { Success: true } match
        ? ConfigMap.Of(("projectId", match.Groups["project"] is { Success: true, Value: var own } ? own : project), ("datasetId", match.Groups["dataset"].Value))
        : throw new ConfigException($"Bad dataset reference: {text}");

    /// <summary>A table as the service names it.</summary>
    /// <param name="text">The name.</param>
    /// <param name="dataset">The dataset when the name has none; null when there is no such default.</param>
    /// <param name="project">The project when neither says one.</param>
    /// <exception cref="ConfigException">It is none, or its dataset is unknown.</exception>
    public static ConfigMap Table(string text, string? dataset, string project)
    {
        if (TableForm().Match(text) is not { Success: true } match)
        {
            throw new ConfigException($"Bad table reference: {text}");
        }

        var place = match.Groups["dataset"] is { Success: true, Value: var own }
            ? ConfigMap.Of(("projectId", project), ("datasetId", own))
            : dataset is null
                ? throw new ConfigException(
                    $"Bad table reference. Either configure 'dataset' or include dataset name in table reference: {text}")
                : Dataset(dataset, project);
        place = match.Groups["project"] is { Success: true, Value: var named } ? place.With("projectId", named) : place;
        return place.With("tableId", match.Groups["table"].Value);
    }

    [GeneratedRegex(@"\A(?:(?<project>.+):)?(?<dataset>[A-Za-z0-9_]{1,1024})\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatasetForm();

    [GeneratedRegex(@"\A(?:(?<project>.+):)?(?:(?<dataset>[A-Za-z0-9_]{1,1024})\.)?(?<table>[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}(?:\$[0-9A-Za-z_]+)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableForm();
}
