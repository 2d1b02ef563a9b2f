using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;

namespace WfRunner.Runtime.Tasks;

/// <summary>Secrets under the names that a task's <c>_secrets</c> gives them. Digdag behaviour: dig-language 11.3.</summary>
internal sealed class MountedSecrets(ISecretProvider secrets, ConfigMap mounts) : ISecretProvider
{
    public string? Find(string key)
    {
        if (key.Length == 0 || key.Contains('*', StringComparison.Ordinal))
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"Illegal key: '{key}'");
        }

        return secrets.Find(Remap(key));
    }

    private string Remap(string key)
    {
        var segments = key.Split('.');
        ConfigValue at = mounts;
        for (var depth = 0; depth < segments.Length; depth++)
        {
            if (at is not ConfigMap map || !map.TryGet(segments[depth], out var next))
            {
                return key;
            }

            switch (next)
            {
                case ConfigText text:
                    return string.Join('.', segments.Skip(depth + 1).Prepend(text.Value));
                case ConfigBoolean { Value: true }:
                    return key;
                case ConfigMap:
                    at = next;
                    break;
                default:
                    throw new ConfigException($"Illegal value in _secrets: {next}", next.Span);
            }
        }

        return key;
    }
}
