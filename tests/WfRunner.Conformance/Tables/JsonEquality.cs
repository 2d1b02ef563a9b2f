using WfRunner.Core.Config;

namespace WfRunner.Conformance.Tables;

/// <summary>Compares values with recorded JSON: key order counts, integers and fractions differ, numbers compare as numbers.</summary>
internal static class JsonEquality
{
    public static bool Same(ConfigValue got, ConfigValue want) => (got, want) switch
    {
        (ConfigMap g, ConfigMap w) => g.Count == w.Count && g.Zip(w).All(p => p.First.Key == p.Second.Key && Same(p.First.Value, p.Second.Value)),
        (ConfigList g, ConfigList w) => g.Items.Count == w.Items.Count && g.Items.Zip(w.Items).All(p => Same(p.First, p.Second)),
        _ => got.DeepEquals(want),
    };
}
