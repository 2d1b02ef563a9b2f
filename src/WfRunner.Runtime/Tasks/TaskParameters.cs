using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Templates;

namespace WfRunner.Runtime.Tasks;

/// <summary>What an operator sees: everything merged and evaluated, and of it the task's own keys.</summary>
/// <param name="Type">Name of the operator; null when the task names none and so has nothing to do.</param>
/// <param name="Line">How the log shows the call: <c>sh&gt;: command</c> or <c>type: name</c>.</param>
/// <param name="Config">All parameters.</param>
/// <param name="LocalConfig">The task's own keys.</param>
internal sealed record TaskParameters(string? Type, string Line, ConfigMap Config, ConfigMap LocalConfig)
{
    /// <summary>Merges and evaluates. Digdag behaviour: dig-language 8.5 and 5.5.</summary>
    /// <param name="templates">Evaluates templates.</param>
    /// <param name="parameters">Attempt parameters, exports and stores.</param>
    /// <param name="runtime">Built-in variables.</param>
    /// <param name="local">The task's own keys.</param>
    /// <param name="extraNames">Further names for expressions, below all parameters.</param>
    /// <exception cref="ConfigException">A template failed, or <c>_type</c> is null.</exception>
    public static TaskParameters Evaluate(
        TemplateEvaluator templates, ConfigMap parameters, ConfigMap runtime, ConfigMap local, ConfigMap extraNames)
    {
        local = WithoutHandlers(local);
        var scope = WithoutHandlers(parameters).Merge(runtime);
        var config = EvaluateAllButError(templates, scope.Merge(local), extraNames.Merge(scope));
        var type = TypeKey(local) ?? TypeKey(config);
        if (type is null)
        {
            return new TaskParameters(null, string.Empty, config, Pick(config, local));
        }

        if (type == "_type")
        {
            var named = config.GetString(type);
            return new TaskParameters(named, $"type: {named}", config, Pick(config, local));
        }

        var command = config[type]!;
        config = config.With("_type", type[..^1]);
        config = command.IsNull ? config.Without("_command") : config.With("_command", command);
        var shown = command.IsNull ? string.Empty : Core.Dig.Yaml.JavaText.Of(command);
        return new TaskParameters(type[..^1], $"{type}: {shown}", config, Pick(config, local));
    }

    private static ConfigMap WithoutHandlers(ConfigMap config) => config.Without("_check").Without("_error");

    // What an ^error task finds under "error" is data: evaluating the text of a failed template would only fail again.
    private static ConfigMap EvaluateAllButError(TemplateEvaluator templates, ConfigMap all, ConfigMap scope) =>
        all["error"] is ConfigMap { MayHoldTemplate: true } error
            ? templates.Evaluate(all.Without("error"), scope).With("error", error)
            : templates.Evaluate(all, scope);

    // The task's own keys come first: an exported key that ends with ">" must not hijack every task below it.
    private static string? TypeKey(ConfigMap config) =>
        config.Has("_type") ? "_type" : config.Keys.FirstOrDefault(TaskKeys.IsOperator);

    private static ConfigMap Pick(ConfigMap config, ConfigMap local)
    {
        var builder = new ConfigMapBuilder();
        foreach (var entry in local)
        {
            builder.Set(entry.Key, config[entry.Key]!);
        }

        return builder.Build(local.Span);
    }
}
