using System.Collections.Concurrent;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Templates;

/// <summary>
/// Evaluates <c>${...}</c> in parameters and in template files. Literal texts and plain variables never start the JavaScript
/// engine; anything else does, and moment.js is loaded only where it is named. Parsed texts and engines are kept, so one
/// evaluator should serve a whole process. Digdag behaviour: dig-language 10. Safe for use by several threads.
/// </summary>
/// <param name="localTime">How JavaScript's local time follows from the parameter <c>timezone</c>.</param>
public sealed class TemplateEvaluator(LocalTimeRule localTime = LocalTimeRule.Digdag)
{
    private const string TimeZoneKey = "timezone";

    // Texts and zones come from users; what is kept of them is bounded.
    private const int KeptPrograms = 10_000;
    private const int LongestKeptProgram = 10_000;
    private const int KeptZones = 64;

    private readonly ConcurrentDictionary<string, ExpressionEngine> _engines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ExpressionProgram> _programs = new(StringComparer.Ordinal);

    /// <summary>
    /// Evaluates every text of a parameter object, except below the keys <c>_do</c> and <c>_else_do</c> (dig-language 10.3).
    /// </summary>
    /// <param name="config">What is evaluated, in key order.</param>
    /// <param name="scope">The unevaluated parameters that expressions may name; its <c>timezone</c> is JavaScript's local zone.</param>
    /// <returns>The evaluated object.</returns>
    /// <exception cref="ConfigException">
    /// An expression failed: <c>Failed to evaluate a variable &lt;text&gt; (&lt;reason&gt;)</c>; the place is the text's.
    /// </exception>
    /// <exception cref="WorkflowException">The parameter <c>timezone</c> names no zone; kind <see cref="FailureKind.ZoneRules"/>.</exception>
    public ConfigMap Evaluate(ConfigMap config, ConfigMap scope)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(scope);
        return config.MayHoldTemplate ? EvaluateMap(config, scope) : config;
    }

    /// <summary>Evaluates a text, such as the content of an SQL file.</summary>
    /// <param name="text">The text with <c>${...}</c>.</param>
    /// <param name="scope">The parameters that expressions may name.</param>
    /// <returns>The evaluated text.</returns>
    /// <exception cref="ConfigException">An expression failed.</exception>
    /// <exception cref="WorkflowException">The parameter <c>timezone</c> names no zone; kind <see cref="FailureKind.ZoneRules"/>.</exception>
    public string EvaluateText(string text, ConfigMap scope)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(scope);
        return text.Contains('$', StringComparison.Ordinal) ? EvaluateText(text, new Overlay(scope, null), null) : text;
    }

    private ConfigMap EvaluateMap(ConfigMap map, ConfigMap scope)
    {
        var built = new ConfigMapBuilder();
        foreach (var entry in map)
        {
            var value = entry.Key is "_do" or "_else_do" ? entry.Value : EvaluateValue(entry.Value, scope, built);
            built.Set(entry with { Value = value });
        }

        return built.Build(map.Span);
    }

    private ConfigValue EvaluateValue(ConfigValue value, ConfigMap scope, ConfigMapBuilder built) => value switch
    {
        // JSON has no such number: where Digdag writes and reads it again it becomes a text.
        ConfigFloat number when !double.IsFinite(number.Value) => new ConfigText(JavaNumberText.Of(number.Value), number.Span),
        { MayHoldTemplate: false } => value,
        ConfigMap map => EvaluateMap(map, scope),
        ConfigList list => new ConfigList(list.Items.Select(i => EvaluateValue(i, scope, built)), list.Span),
        ConfigText text => new ConfigText(EvaluateText(text.Value, new Overlay(scope, built), text.Span), text.Span),
        _ => value,
    };

    private string EvaluateText(string text, Overlay scope, SourceSpan? span)
    {
        var template = TemplateText.Parse(text);
        return template.Fill(PlainValues(template.Expressions, scope) ?? ByEngine(template.Expressions, scope.ToMap(), text, span));
    }

    // Null when any expression needs JavaScript: then all do, since they share what they assign.
    private static string[]? PlainValues(IReadOnlyList<string> expressions, Overlay scope)
    {
        var values = new string[expressions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (PlainVariable.Evaluate(expressions[i], scope) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        return values;
    }

    private string[] ByEngine(IReadOnlyList<string> expressions, ConfigMap scope, string text, SourceSpan? span)
    {
        try
        {
            return EngineFor(scope).Evaluate(ProgramOf(expressions), scope);
        }
        catch (ExpressionFailure e)
        {
            throw new ConfigException($"Failed to evaluate a variable {text} ({e.Message})", span);
        }
    }

    private ExpressionEngine EngineFor(ConfigMap scope)
    {
        var name = scope[TimeZoneKey] is ConfigText { Value: var text } ? text : "UTC";
        if (_engines.TryGetValue(name, out var engine))
        {
            return engine;
        }

        engine = TimeZoneId.TryParse(name, out var zone)
            ? new ExpressionEngine(zone, localTime)
            : throw new WorkflowException(FailureKind.ZoneRules, $"Unknown time-zone ID: {name}");
        return _engines.Count < KeptZones ? _engines.GetOrAdd(name, engine) : engine;
    }

    private ExpressionProgram ProgramOf(IReadOnlyList<string> expressions)
    {
        var key = expressions.Count == 1 ? expressions[0] : string.Join('\0', expressions);
        if (_programs.TryGetValue(key, out var program))
        {
            return program;
        }

        program = ExpressionProgram.Parse(expressions);
        return key.Length <= LongestKeptProgram && _programs.Count < KeptPrograms ? _programs.GetOrAdd(key, program) : program;
    }

    /// <summary>What has been evaluated so far on a level hides the unevaluated parameters of the same name.</summary>
    internal readonly struct Overlay(ConfigMap scope, ConfigMapBuilder? built)
    {
        public ConfigValue? Find(string name) => built?[name] ?? scope[name];

        public ConfigMap ToMap() => built is null || built.Count == 0 ? scope : built.OverlayOn(scope);
    }
}
