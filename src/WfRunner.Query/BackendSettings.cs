using WfRunner.Core.Config;
using WfRunner.Core.Secrets;

namespace WfRunner.Query;

/// <summary>What tells a backend where its service is and how to be let in. Read anew for every call: keys may change while a task waits.</summary>
/// <param name="Parameters">The parameters of the task, with its section <c>td</c> merged below them.</param>
/// <param name="Secrets">The task's secrets.</param>
/// <param name="SystemConfig">System configuration.</param>
public sealed record BackendSettings(ConfigMap Parameters, ISecretProvider Secrets, IReadOnlyDictionary<string, string> SystemConfig)
{
    /// <summary>Settings that say nothing, for local engines.</summary>
    public static BackendSettings None { get; } = new(ConfigMap.Empty, NoSecrets.Instance, new Dictionary<string, string>());

    private sealed class NoSecrets : ISecretProvider
    {
        public static readonly NoSecrets Instance = new();

        public string? Find(string key) => null;
    }
}
