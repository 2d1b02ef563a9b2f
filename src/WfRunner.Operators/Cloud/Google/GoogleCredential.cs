using System.Security.Cryptography;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// Who asks Google: the secret <c>gcp.credential</c>, else what the machine has been given (Application Default Credentials: the file
/// that GOOGLE_APPLICATION_CREDENTIALS names, that of the gcloud program, or the metadata server of a Google machine). Digdag
/// behaviour: operators-cloud 5.
/// </summary>
/// <param name="Json">A service account's key or a user's, as Google hands it out; null for the metadata server.</param>
internal sealed record GoogleCredential(ConfigMap? Json)
{
    /// <summary>The project that the credential belongs to; null when it says none.</summary>
    public string? Project => Json?.GetStringOrNull("project_id") ?? Json?.GetStringOrNull("quota_project_id");

    /// <summary>Finds the credential of a task.</summary>
    /// <exception cref="TaskFailedException">There is none, or it cannot be read.</exception>
    public static GoogleCredential Of(IOperatorContext context)
    {
        if (context.Secrets.Find("gcp.credential") is { } secret)
        {
            return new(Parse(secret) ?? throw new TaskFailedException("Unable to parse 'gcp.credential' secret"));
        }

        foreach (var file in DefaultFiles().Where(File.Exists))
        {
            return new(Parse(File.ReadAllText(file)) ?? throw new TaskFailedException($"Could not get google cloud credential: {file} is no credential"));
        }

        return Environment.GetEnvironmentVariable("GCE_METADATA_HOST") is { Length: > 0 } || IsGoogleMachine()
            ? new GoogleCredential((ConfigMap?)null)
            : throw new TaskFailedException(
                "Could not get google cloud credential: need gcp.credential secret or Application Default Credentials");
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
            throw new TaskFailedException("Unable to parse 'gcp.credential' secret: its private_key is no RSA key in PEM form");
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
