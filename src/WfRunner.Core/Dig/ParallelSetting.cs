using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>
/// How a group orders its direct children. Digdag behaviour: dig-language 6.2; a limit is a barrier between consecutive chunks,
/// not a sliding window.
/// </summary>
/// <param name="IsParallel">Whether the children run side by side.</param>
/// <param name="Limit">Size of a chunk; 0 for no limit.</param>
public readonly record struct ParallelSetting(bool IsParallel, int Limit)
{
    /// <summary>One child after the other.</summary>
    public static ParallelSetting Sequential { get; } = new(false, 0);

    /// <summary>Reads the key <c>_parallel</c> of a group.</summary>
    /// <param name="group">The group's config.</param>
    /// <returns>The setting.</returns>
    /// <exception cref="ConfigException">The value has no meaning.</exception>
    public static ParallelSetting Of(ConfigMap group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (!group.TryGet("_parallel", out var value))
        {
            return Sequential;
        }

        return value switch
        {
            ConfigBoolean or ConfigText => new(ConfigAccess.AsBoolean("_parallel", value), 0),
            ConfigMap map => new(true, Math.Max(0, map.GetInt32("limit"))),
            _ => throw new ConfigException($"Invalid _parallel format: {value}", value.Span ?? group.KeySpan("_parallel")),
        };
    }
}
