using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>What a runner of <c>py&gt;</c> or <c>rb&gt;</c> leaves in <c>output.json</c>. Digdag behaviour: operators-core 7.5.</summary>
internal static class ScriptOutput
{
    /// <summary>The result of a script that succeeded.</summary>
    /// <exception cref="WorkflowException">There is no output, or it is none.</exception>
    public static OperatorOutcome.Succeeded Succeeded(string path)
    {
        if (!File.Exists(path))
        {
            throw new WorkflowException(
                FailureKind.Runtime, "output.json does not exist. Something unexpected error happened. Please check logs.");
        }

        var result = Read(path) ?? throw new WorkflowException(
            FailureKind.Runtime, "Can't parse output.json. The command failed unexpectedly. Please check logs.");
        return new OperatorOutcome.Succeeded(new TaskResult
        {
            SubtaskConfig = result.GetMapOrEmpty("subtask_config"),
            ExportParams = result.GetMapOrEmpty("export_params"),
            StoreParams = result.GetMapOrEmpty("store_params"),
        });
    }

    /// <summary>The output as an object; null when it is none.</summary>
    public static ConfigMap? Read(string path)
    {
        try
        {
            return ConfigJson.Parse(File.ReadAllBytes(path)) as ConfigMap;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An interpreter's program and first arguments: one path, or a list.</summary>
    public static IReadOnlyList<string> Interpreter(ConfigMap options, string key) => options[key] switch
    {
        null or ConfigNull => [key],
        ConfigText path => [path.Value],
        ConfigList list => [.. list.Items.Select(i => ConfigAccess.AsString(key, i))],
        var other => throw new ConfigException($"Invalid {key}: {other}", other.Span),
    };

    /// <summary>The text of an embedded runner.</summary>
    public static string Runner(string name)
    {
        using var reader = new StreamReader(typeof(ScriptOutput).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
