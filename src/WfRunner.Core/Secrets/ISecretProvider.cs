namespace WfRunner.Core.Secrets;

/// <summary>Looks secrets up for one task. Values never appear in logs, parameters or answers of the API.</summary>
public interface ISecretProvider
{
    /// <summary>The value of a secret.</summary>
    /// <param name="key">Dotted key, for example <c>td.apikey</c>.</param>
    /// <returns>The value, or null when it is not set.</returns>
    /// <exception cref="WorkflowException">The key is illegal, or the store cannot be read.</exception>
    string? Find(string key);
}
