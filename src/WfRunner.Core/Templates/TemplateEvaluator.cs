using System.Collections.Concurrent;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Templates;

/// <summary>
/// Evaluates <c>${...}</c> in parameters and in template files. Literal texts and plain variables never start the JavaScript
/// engine; anything else does, once per evaluator and time zone. Digdag behaviour: dig-language 10. Safe for use by several
/// threads.
/// </summary>
public sealed class TemplateEvaluator
{
    private const string TimeZoneKey = "timezone";

    private readonly ConcurrentDictionary<string, ExpressionEngine> _engines = new(StringComparer.Ordinal);

    /// <summary>
    /// Evaluates every text of a parameter object, except below the keys <c>_do</c> and <c>_else_do</c> (dig-language 10.3).
    /// </summary>
    /// <param name="config">What is evaluated, in key order.</param>
    /// <param name="scope">The unevaluated parameters that expressions may name; its <c>timezone</c> is JavaScript's local zone.</param>
    /// <returns>The evaluated object.</returns>
    /// <exception cref="ConfigException">An expression failed: <c>Failed to evaluate a variable &lt;text&gt; (&lt;reason&gt;)</c>.</exception>
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
        { MayHoldTemplate: false } => value,
        ConfigMap map => EvaluateMap(map, scope),
        ConfigList list => new ConfigList(list.Items.Select(i => EvaluateValue(i, scope, built)), list.Span),
        ConfigText text => new ConfigText(EvaluateText(text.Value, new Overlay(scope, built), text.Span), text.Span),
        _ => value,
    };

    private string EvaluateText(string text, Overlay scope, SourceSpan? span)
    {
        var template = TemplateText.Parse(text);
        var expressions = template.Parts.Where(p => p.IsExpression).Select(p => p.Text).ToList();
        var values = new Queue<string>(Values(expressions, scope, text, span));
        var builder = new StringBuilder();
        foreach (var part in template.Parts)
        {
            builder.Append(part.IsExpression ? values.Dequeue() : part.Text);
        }

        return builder.ToString();
    }

    private IReadOnlyList<string> Values(List<string> expressions, Overlay scope, string text, SourceSpan? span)
    {
        var plain = new string[expressions.Count];
        for (var i = 0; i < plain.Length; i++)
        {
            if (!PlainVariable.TryEvaluate(expressions[i], scope.Find, out var value))
            {
                return ByEngine(expressions, scope.ToMap(), text, span);
            }

            plain[i] = value;
        }

        return plain;
    }

    private IReadOnlyList<string> ByEngine(List<string> expressions, ConfigMap scope, string text, SourceSpan? span)
    {
        var zone = scope[TimeZoneKey] is ConfigText name ? name.Value : "UTC";
        try
        {
            return _engines.GetOrAdd(zone, static z => new ExpressionEngine(z)).Evaluate(expressions, scope);
        }
        catch (ExpressionException e)
        {
            throw new ConfigException($"Failed to evaluate a variable {text} ({e.Message})", span);
        }
    }

    // What has been evaluated so far on this level hides the unevaluated parameters of the same name.
    private readonly struct Overlay(ConfigMap scope, ConfigMapBuilder? built)
    {
        public ConfigValue? Find(string name) => built?[name] ?? scope[name];

        public ConfigMap ToMap() => built is null ? scope : built.OverlayOn(scope);
    }
}
