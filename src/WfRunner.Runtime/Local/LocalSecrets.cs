using WfRunner.Core;
using WfRunner.Core.Secrets;

namespace WfRunner.Runtime.Local;

/// <summary>
/// Secrets of a local run: <c>secrets.&lt;key&gt;</c> of the system configuration, then the file
/// <c>&lt;config home&gt;/secrets/&lt;key&gt;</c>. Digdag behaviour: cli-local 8.11.
/// </summary>
public sealed class LocalSecrets : ISecretProvider
{
    private readonly IReadOnlyDictionary<string, string> _systemConfig;
    private readonly string _directory;

    /// <summary>Opens the store.</summary>
    /// <param name="systemConfig">System configuration.</param>
    /// <param name="configHome">Folder of configuration.</param>
    public LocalSecrets(IReadOnlyDictionary<string, string> systemConfig, string configHome)
    {
        _systemConfig = systemConfig;
        _directory = Path.Combine(configHome, "secrets");
    }

    /// <summary>Whether a secret is set, without reading it.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether it is.</returns>
    public bool Has(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _systemConfig.ContainsKey("secrets." + key)
            || (key.AsSpan().IndexOfAny('/', '\\') < 0 && File.Exists(Path.Combine(_directory, key)));
    }

    /// <inheritdoc/>
    public string? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_systemConfig.TryGetValue("secrets." + key, out var configured))
        {
            return configured;
        }

        if (key.Contains("..", StringComparison.Ordinal) || key.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"Illegal key: '{key}'");
        }

        var path = Path.Combine(_directory, key);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
