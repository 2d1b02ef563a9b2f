using WfRunner.Core.Config;

namespace WfRunner.Operators;

/// <summary>
/// System configuration read with the rules of parameters: a flat map of texts whose keys are literal dotted names. Digdag
/// behaviour: operators-core 3.2.
/// </summary>
internal static class SystemSettings
{
    /// <summary>The settings below a prefix, without it.</summary>
    /// <param name="systemConfig">System configuration.</param>
    /// <param name="prefix">For example <c>config.mail.</c>.</param>
    /// <returns>The settings; empty texts count as not set.</returns>
    public static ConfigMap Below(this IReadOnlyDictionary<string, string> systemConfig, string prefix) => ConfigMap.Of(systemConfig
        .Where(p => p.Value.Length > 0 && p.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(p => (p.Key[prefix.Length..], ConfigValue.FromString(p.Value))));
}
