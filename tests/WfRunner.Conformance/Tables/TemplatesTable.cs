using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Conformance.Tables;

/// <summary>Rows of <c>templates.jsonl</c>: parameters and a config, or a text, to the evaluated value.</summary>
internal sealed class TemplatesTable : ITableComparer
{
    // These groups show the JavaScript engine more than the language: only whether they fail counts, and the value.
    private static readonly string[] EngineGroups = ["syntax", "error", "engine-text", "java", "es2015", "exists"];

    private readonly TemplateEvaluator _templates = new();

    public string Table => "templates";

    public string? Compare(ConfigMap row)
    {
        ConfigValue got;
        try
        {
            got = Answer(row);
        }
        catch (WorkflowException e)
        {
            return CompareError(row, e);
        }

        if (row.Has("error"))
        {
            return row.GetString("group") == "es2015" ? null : $"want error {row["error"]}, got {got}";
        }

        return JsonEquality.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }

    private static string? CompareError(ConfigMap row, WorkflowException e)
    {
        if (row.GetStringOrNull("error_message") is not { } want)
        {
            return row.Has("error") ? null : $"want {row["out"]}, got error {e.Message}";
        }

        return EngineGroups.Contains(row.GetString("group")) || want.Contains("SyntaxError", StringComparison.Ordinal)
            || want.Contains("TypeError", StringComparison.Ordinal) || want == e.Message
            ? null
            : $"want error {want}, got error {e.Message}";
    }

    private ConfigValue Answer(ConfigMap row)
    {
        var parameters = Object(row["params"]).With("timezone", row.GetStringOr("timezone", "UTC"));
        if (row.GetStringOrNull("text") is { } text)
        {
            return _templates.EvaluateText(text, parameters);
        }

        var config = Object(row["config"]);
        return _templates.Evaluate(row.GetBooleanOr("merge", false) ? parameters.Merge(config) : config, parameters);
    }

    // Numbers that must not be touched on their way here stand in a text that holds JSON.
    private static ConfigMap Object(ConfigValue? value) => value switch
    {
        null => ConfigMap.Empty,
        ConfigText json => (ConfigMap)ConfigJson.Parse(json.Value),
        _ => (ConfigMap)value,
    };
}
