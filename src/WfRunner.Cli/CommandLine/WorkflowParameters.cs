using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.CommandLine;

/// <summary>Parameters given on the command line: system configuration, then files, then <c>-p</c>. Digdag behaviour: cli-local 6.</summary>
public static class WorkflowParameters
{
    private const string ConfigPrefix = "params.";

    /// <summary>Single parameters.</summary>
    public static OptionSyntax Param { get; } =
        OptionSyntax.KeyValues("overwrite a parameter (use multiple times to set many parameters)", "-p", "--param");

    /// <summary>A YAML file of parameters.</summary>
    public static OptionSyntax ParamsFile { get; } = OptionSyntax.Value("PATH.yml", "read parameters from a YAML file", "-P", "--params-file");

    /// <summary>Merges all sources.</summary>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="context">System configuration and the current directory.</param>
    /// <returns>The parameters.</returns>
    /// <exception cref="WorkflowException">The file does not exist, or a dotted key runs into a value that is no object.</exception>
    public static ConfigMap Of(ParsedArguments arguments, CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var merged = ConfigMap.Empty;
        foreach (var (key, value) in context.SystemConfig.Where(p => p.Key.StartsWith(ConfigPrefix, StringComparison.Ordinal)))
        {
            merged = Set(merged, key[ConfigPrefix.Length..], value);
        }

        if (arguments.Value(ParamsFile) is { } file)
        {
            var path = Path.GetFullPath(file, context.CurrentDirectory);
            if (!File.Exists(path))
            {
                throw new WorkflowException(FailureKind.NoSuchFile, file);
            }

            merged = merged.Merge(DigFile.ReadConfig(new ProjectFiles(context.CurrentDirectory), path));
        }

        foreach (var (key, value) in arguments.KeyValues(Param))
        {
            merged = Set(merged, key, value);
        }

        return merged;
    }

    /// <summary>Sets a dotted key to a text.</summary>
    /// <param name="map">The parameters so far.</param>
    /// <param name="dottedKey">The key; dots nest.</param>
    /// <param name="value">The text.</param>
    /// <returns>The changed parameters.</returns>
    /// <exception cref="ConfigException">An outer key holds something that is no object, or a segment is empty.</exception>
    public static ConfigMap Set(ConfigMap map, string dottedKey, string value)
    {
        ArgumentNullException.ThrowIfNull(dottedKey);
        var segments = dottedKey.TrimEnd('.').Split('.');
        if (Array.Exists(segments, s => s.Length == 0))
        {
            throw new ConfigException($"Parameter '{dottedKey}' has an empty name between its dots");
        }

        return Set(map, segments, 0, value, dottedKey);
    }

    private static ConfigMap Set(ConfigMap map, string[] segments, int depth, string value, string dottedKey)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (depth == segments.Length - 1)
        {
            return map.With(segments[depth], value);
        }

        return map[segments[depth]] switch
        {
            null => map.With(segments[depth], Set(ConfigMap.Empty, segments, depth + 1, value, dottedKey)),
            ConfigMap inner => map.With(segments[depth], Set(inner, segments, depth + 1, value, dottedKey)),
            var other => throw new ConfigException(
                $"Parameter '{dottedKey}' is set but '{string.Join('.', segments.Take(depth + 1))}' is not a object ({other})"),
        };
    }
}
