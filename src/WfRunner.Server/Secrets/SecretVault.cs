using WfRunner.Core;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Secrets;

namespace WfRunner.Server.Secrets;

/// <summary>Secrets of projects in the clear, for the moment they are needed. Digdag behaviour: server 21.</summary>
internal sealed class SecretVault(ISecretStore store, SecretCrypto? crypto)
{
    private const string NoKey =
        "Secrets are disabled: this server has no encryption key. Set digdag.secret-encryption-key in its configuration "
        + "(base64 of 16 or 32 random bytes) and restart it.";

    /// <summary>Creates or replaces a secret.</summary>
    /// <exception cref="WorkflowException">The server has no key.</exception>
    public Task SetAsync(ProjectId project, string key, string value, CancellationToken cancellationToken) => crypto is null
        ? throw new WorkflowException(FailureKind.UnsupportedOperation, NoKey)
        : store.SetAsync(project, SecretScope.Project, key, crypto.Encrypt(value), cancellationToken);

    public Task DeleteAsync(ProjectId project, string key, CancellationToken cancellationToken) =>
        store.DeleteAsync(project, SecretScope.Project, key, cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(ProjectId project, CancellationToken cancellationToken) =>
        store.ListKeysAsync(project, SecretScope.Project, cancellationToken);

    /// <summary>Reads a project's secrets for one call of an operator. They are decrypted only when they are asked for.</summary>
    public async Task<ISecretProvider> OpenAsync(ProjectId project, CancellationToken cancellationToken)
    {
        var set = await store.ReadAllAsync(project, SecretScope.Project, cancellationToken).ConfigureAwait(false);
        var defaults = await store.ReadAllAsync(project, SecretScope.ProjectDefault, cancellationToken).ConfigureAwait(false);
        return new Opened(set, defaults, crypto);
    }

    private sealed class Opened(
        IReadOnlyDictionary<string, string> set, IReadOnlyDictionary<string, string> defaults, SecretCrypto? crypto) : ISecretProvider
    {
        public string? Find(string key)
        {
            if (!set.TryGetValue(key, out var record) && !defaults.TryGetValue(key, out record))
            {
                return null;
            }

            return crypto is null ? throw new WorkflowException(FailureKind.IllegalState, NoKey) : crypto.Decrypt(record);
        }
    }
}
