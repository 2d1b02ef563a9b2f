
namespace WfRunner.Core.Dig;

/// <summary>What may stand at the top of a workflow file besides the keys that Digdag knows.</summary>
/// <param name="KnowsTrigger">Whether <c>trigger:</c> is read; otherwise it is an unknown key.</param>
/// <param name="KeepsUnknownKeys">Whether unknown keys are kept and told rather than refused.</param>
public sealed record DialectRules(bool KnowsTrigger, bool KeepsUnknownKeys)
{
    /// <summary>Digdag 0.10.5.</summary>
    public static DialectRules Digdag { get; } = new(KnowsTrigger: false, KeepsUnknownKeys: false);

    /// <summary>The rules of a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="allowUnknownKeys">Whether the user wants unknown keys to be kept; never for Digdag.</param>
    /// <returns>The rules.</returns>
    public static DialectRules Of(Target target, bool allowUnknownKeys = false) => target switch
    {
        Target.Digdag => Digdag,
        Target.Td => new DialectRules(KnowsTrigger: true, KeepsUnknownKeys: true),
        _ => new DialectRules(KnowsTrigger: true, allowUnknownKeys),
    };
}
