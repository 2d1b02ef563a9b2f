using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Secrets;

/// <summary>Secrets of projects. The store never sees a value in the clear: values come and go encrypted.</summary>
public interface ISecretStore
{
    /// <summary>Creates or replaces a secret.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">Which of the project's sets of secrets.</param>
    /// <param name="key">The key.</param>
    /// <param name="encrypted">The encrypted value.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is stored.</returns>
    Task SetAsync(ProjectId project, SecretScope scope, string key, string encrypted, CancellationToken cancellationToken);

    /// <summary>Deletes a secret; a missing one is fine.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">Which of the project's sets of secrets.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is gone.</returns>
    Task DeleteAsync(ProjectId project, SecretScope scope, string key, CancellationToken cancellationToken);

    /// <summary>Lists keys, in ordinal order.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">Which of the project's sets of secrets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The keys.</returns>
    Task<IReadOnlyList<string>> ListKeysAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken);

    /// <summary>Reads all secrets of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">Which of the project's sets of secrets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Encrypted values by key.</returns>
    Task<IReadOnlyDictionary<string, string>> ReadAllAsync(ProjectId project, SecretScope scope, CancellationToken cancellationToken);
}
