using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Configuration;

/// <summary>
/// Merges system configuration from its sources. Digdag behaviour: cli-local 4.1: default file (only without <c>-c</c>), the
/// text in <c>DIGDAG_CONFIG</c>, <c>-X</c>, the file of <c>-c</c>; later ones win. A <c>wf/config</c> beside <c>digdag/config</c>
/// wins over it.
/// </summary>
public static class SystemConfiguration
{
    /// <summary>Folder of the default file and of local secrets.</summary>
    /// <param name="environment">Reads environment variables.</param>
    /// <returns>An absolute path, if the environment holds absolute paths.</returns>
    public static string HomeOf(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment("DIGDAG_CONFIG_HOME") ?? Path.Combine(BaseOf(environment), "digdag");
    }

    /// <summary>Reads and merges all sources.</summary>
    /// <param name="environment">Reads environment variables.</param>
    /// <param name="configPath">The value of <c>-c</c>, if given.</param>
    /// <param name="properties">The pairs of <c>-X</c>.</param>
    /// <param name="currentDirectory">Where relative paths start.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="WorkflowException">The file of <c>-c</c> does not exist.</exception>
    public static IReadOnlyDictionary<string, string> Load(
        Func<string, string?> environment,
        string? configPath,
        IEnumerable<KeyValuePair<string, string>> properties,
        string currentDirectory)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(properties);
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        if (configPath is null)
        {
            AddFile(Path.Combine(HomeOf(environment), "config"));
            AddFile(Path.Combine(BaseOf(environment), "wf", "config"));
        }

        Add(PropertiesText.Parse(environment("DIGDAG_CONFIG") ?? string.Empty));
        Add(properties);
        if (configPath is not null)
        {
            var path = Path.GetFullPath(configPath, currentDirectory);
            if (!File.Exists(path))
            {
                throw new WorkflowException(FailureKind.NoSuchFile, configPath);
            }

            AddFile(path);
        }

        return merged;

        void AddFile(string path)
        {
            if (File.Exists(path))
            {
                Add(PropertiesText.Parse(PropertiesText.Decode(File.ReadAllBytes(path))));
            }
        }

        void Add(IEnumerable<KeyValuePair<string, string>> pairs)
        {
            foreach (var (key, value) in pairs)
            {
                merged[key] = value;
            }
        }
    }

    private static string BaseOf(Func<string, string?> environment) =>
        environment("XDG_CONFIG_HOME")
        ?? Path.Combine(environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
}
