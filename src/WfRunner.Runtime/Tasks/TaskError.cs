using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Runtime.Tasks;

/// <summary>What is stored of a failure, and shown as <c>${error}</c>. Digdag behaviour: engine 23.1.</summary>
internal static class TaskError
{
    public static ConfigMap Of(Exception failure)
    {
        var properties = failure is TaskFailedException expected ? expected.Properties : ConfigMap.Empty;
        return properties.With("message", FailureText.MessageWithKind(failure));
    }
}
