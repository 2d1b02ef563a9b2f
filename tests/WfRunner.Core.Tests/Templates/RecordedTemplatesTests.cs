using WfRunner.Core.Config;
using WfRunner.Core.Templates;
using WfRunner.Core.Tests.Tables;

namespace WfRunner.Core.Tests.Templates;

/// <summary>Every recorded template: parameters and a config or a text to the evaluated value, or to an error.</summary>
public sealed class RecordedTemplatesTests
{
    private const string NoJava = "no host objects: Java classes and Java objects other than texts are not reachable";
    private const string NoLeak = "the template function's own temporaries are not visible";
    private const string Newer = "newer JavaScript is accepted";
    private const string FunctionText = "functions do not show their source";
    private const string EngineError = "wording of an engine's error";
    private const string RepeatedHour = "of the hour that a DST change repeats, dates made from local fields are in the first pass";

    // Groups that show the engine more than the language: an error there has to be an error, in whatever words.
    private static readonly string[] EngineGroups = ["syntax", "error", "engine-text", "java", "es2015", "exists"];

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["date-zone-6f73200642"] = RepeatedHour,
        ["dollar-42c5ffc4ed"] = Newer,
        ["engine-text-2728bae52a"] = FunctionText,
        ["engine-text-fe4fa16570"] = EngineError,
        ["engine-text-7266474c48"] = EngineError,
        ["engine-text-b7d860213d"] = EngineError,
        ["error-5a06ba8508"] = Newer,
        ["exists-790478eea7"] = NoJava,
        ["exists-d716dcbaa0"] = NoJava,
        ["exists-d0ccb01dd1"] = NoJava,
        ["exists-12c1efccbc"] = NoJava,
        ["exists-ec9e70f522"] = NoJava,
        ["exists-ff98640d47"] = NoJava,
        ["exists-b76327029a"] = NoJava,
        ["exists-ddb15a1fb6"] = NoJava,
        ["exists-66f0aa9641"] = NoJava,
        ["exists-c9227e7c4f"] = NoJava,
        ["exists-c687f033cc"] = NoJava,
        ["exists-0777754d1b"] = NoLeak,
        ["exists-fbab52070d"] = NoLeak,
        ["exists-c0625a3ab5"] = NoLeak,
        ["java-166a86ffae"] = NoJava,
        ["java-1068fba5b7"] = NoJava,
        ["java-string-fa10a34e4c"] = Newer,
        ["java-string-5ac51eef7c"] = EngineError,
        ["java-string-116e5d922f"] = NoJava,
        ["java-string-fdb5c64a95"] = NoJava,
        ["java-string-5c2cae1c55"] = NoJava,
        ["java-string-6e4a2ecc99"] = NoJava,
        ["java-string-92b45e4591"] = Newer,
        ["regexp-d28661792e"] = Newer,
        ["regexp-6357884548"] = Newer,
        ["regexp-1c84abeaf8"] = Newer,
        ["scope-f7d202c5cc"] = NoLeak,
        ["statement-02694042df"] = NoLeak,
        ["statement-d66ffaee65"] = NoLeak,
        ["statement-e13eb6995e"] = NoLeak,
        ["statement-d0713fdc64"] = NoLeak,
        ["statement-d923d7e896"] = NoLeak,
        ["value-6318adc72b"] = FunctionText,
    };

    private readonly TemplateEvaluator _templates = new();

    public static TheoryData<string> Groups => RecordedTable.Groups("templates");

    [Theory]
    [MemberData(nameof(Groups))]
    public void Templates_answer_as_recorded(string group) =>
        RecordedTable.Compare("templates", group, Compare, Exceptions);

    private string? Compare(ConfigMap row)
    {
        ConfigValue got;
        try
        {
            got = Answer(row);
        }
        catch (WorkflowException e)
        {
            return row.GetStringOrNull("error_message") is not { } want ? $"want {row["out"]}, got error {e.Message}"
                : SameError(row.GetString("group"), e.Message, want) ? null : $"want error {want}, got error {e.Message}";
        }

        return IsNewer(row, got) ? null
            : row.GetStringOrNull("error_message") is { } error ? $"want error {error}, got {got}"
            : RecordedTable.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }

    // All of ECMAScript 5 keeps its meaning; what was an error or undefined in it may be what newer editions say.
    private static bool IsNewer(ConfigMap row, ConfigValue got) => row.GetString("group") switch
    {
        "es2015" => row.Has("error_message"),
        "exists" => row["out"] is ConfigMap want && want["v"]?.ToString() == "\"undefined\"" && got is ConfigMap,
        _ => false,
    };

    // The engine words syntax errors and the start of "… is not a function" in its own way (dig-language 10.5).
    private static bool SameError(string group, string got, string want)
    {
        const string Syntax = "(SyntaxError: ";
        const string NoFunction = " is not a function)";
        return got == want
            || EngineGroups.Contains(group)
            || (got.IndexOf(Syntax, StringComparison.Ordinal) is var at and >= 0 && at == want.IndexOf(Syntax, StringComparison.Ordinal))
            || (got.EndsWith(NoFunction, StringComparison.Ordinal) && want.EndsWith(NoFunction, StringComparison.Ordinal));
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
