using WfRunner.Core.Secrets;

namespace WfRunner.Runtime.Tasks;

/// <summary>Secrets whose values are masked from the moment they are read.</summary>
internal sealed class WatchedSecrets(ISecretProvider secrets, SecretMask mask) : ISecretProvider
{
    public string? Find(string key)
    {
        var value = secrets.Find(key);
        if (value is not null)
        {
            mask.Add(key, value);
        }

        return value;
    }
}
