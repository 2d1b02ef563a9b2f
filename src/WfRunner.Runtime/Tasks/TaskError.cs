using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Runtime.Tasks;

/// <summary>
/// What is stored of a failure, and shown as <c>${error}</c>. Digdag behaviour: engine 23.1. Added to it: <c>output</c>, the last
/// lines that the task said.
/// </summary>
internal static class TaskError
{
    public static ConfigMap Of(Exception failure, SecretMask? mask = null, IReadOnlyList<string>? output = null)
    {
        var properties = failure is TaskFailedException expected ? expected.Properties : ConfigMap.Empty;
        var error = properties.With("message", FailureText.MessageWithKind(failure));
        error = mask is null ? error : mask.Apply(error);
        return output is null or { Count: 0 }
            ? error
            : error.With("output", new ConfigList(output.Select(ConfigValue.FromString)));
    }
}
