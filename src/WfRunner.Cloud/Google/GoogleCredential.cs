using System.Security.Cryptography;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Google;

/// <summary>
/// Who asks Google: what users configured, else what the machine has been given (Application Default Credentials: the file that
/// GOOGLE_APPLICATION_CREDENTIALS names, that of the gcloud program, or the metadata server of a Google machine). Digdag behaviour:
/// operators-cloud 5.
/// </summary>
/// <param name="Json">A service account's key or a user's, as Google hands it out; null for the metadata server.</param>
/// <param name="Name">What users call it, for messages.</param>
internal sealed record GoogleCredential(ConfigMap? Json, string Name)
{
    /// <summary>The project that the credential belongs to; null when it says none.</summary>
    public string? Project => Json?.GetStringOrNull("project_id") ?? Json?.GetStringOrNull("quota_project_id");

    /// <summary>Whether texts can be signed with it: only a service account's own key does that without asking Google.</summary>
    public bool CanSign => Json?.GetStringOrNull("private_key") is not null && Json.GetStringOrNull("client_email") is not null;

    /// <summary>Reads a credential.</summary>
    /// <param name="json">A service account's key or a user's, as Google hands it out.</param>
    /// <param name="name">What users call it, for messages.</param>
    /// <returns>The credential; null when it is no JSON object.</returns>
    public static GoogleCredential? Of(string json, string name) => Parse(json) is { } parsed ? new GoogleCredential(parsed, name) : null;

    /// <summary>Finds what the machine has been given.</summary>
    /// <returns>The credential; null when there is none.</returns>
    /// <exception cref="WorkflowException">There is one that cannot be read.</exception>
    public static GoogleCredential? OfMachine()
    {
        foreach (var file in DefaultFiles().Where(File.Exists))
        {
            return Of(File.ReadAllText(file), file) ?? throw new TaskFailedException($"Could not get google cloud credential: {file} is no credential");
        }

        return Environment.GetEnvironmentVariable("GCE_METADATA_HOST") is { Length: > 0 } || IsGoogleMachine()
            ? new GoogleCredential(null, "the metadata server")
            : null;
    }

    /// <summary>The key of a service account.</summary>
    /// <exception cref="TaskFailedException">The credential holds none that can be read.</exception>
    public RSA PrivateKey()
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(Json!.GetString("private_key"));
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or ConfigException)
        {
            key.Dispose();
            throw new TaskFailedException($"Unable to parse {Name}: its private_key is no RSA key in PEM form");
        }
    }

    private static IEnumerable<string> DefaultFiles()
    {
        if (Environment.GetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } named)
        {
            yield return named;
        }

        var gcloud = Environment.GetEnvironmentVariable("CLOUDSDK_CONFIG") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "gcloud");
        yield return Path.Combine(gcloud, "application_default_credentials.json");
    }

    private static bool IsGoogleMachine()
    {
        const string product = "/sys/class/dmi/id/product_name";
        try
        {
            return File.Exists(product) && File.ReadAllText(product).StartsWith("Google", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static ConfigMap? Parse(string text)
    {
        try
        {
            return ConfigJson.Parse(text) as ConfigMap;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
