using WfRunner.Cloud.Google;
using WfRunner.Core.Operators;
using WfRunner.Operators.Http;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>Google's services as a task asks them: with its secrets, else with what the machine has been given. Digdag behaviour: operators-cloud 5.</summary>
internal static class GoogleServices
{
    private const string CredentialName = "'gcp.credential' secret";

    /// <summary>Cloud Storage; the secret <c>gcp.storage.endpoint</c> leads to another server.</summary>
    /// <exception cref="TaskFailedException">There is no credential, or it cannot be read.</exception>
    public static GoogleApi OpenStorage(IOperatorContext context) => Open(context, "gcp.storage.endpoint", "https://storage.googleapis.com");

    /// <summary>BigQuery; the secret <c>gcp.bigquery.endpoint</c> leads to another server.</summary>
    /// <exception cref="TaskFailedException">There is no credential, or it cannot be read.</exception>
    public static GoogleApi OpenBigQuery(IOperatorContext context) => Open(context, "gcp.bigquery.endpoint", "https://bigquery.googleapis.com");

    private static GoogleApi Open(IOperatorContext context, string endpointSecret, string address) => new(
        CredentialOf(context),
        new Uri(context.Secrets.Find(endpointSecret) ?? address),
        new HttpSettings(context.SystemConfig).UserAgent,
        context.Log,
        context.Clock)
    {
        ConfiguredProject = context.Secrets.Find("gcp.project"),
    };

    private static GoogleCredential CredentialOf(IOperatorContext context)
    {
        if (context.Secrets.Find("gcp.credential") is { } secret)
        {
            return GoogleCredential.Of(secret, CredentialName) ?? throw new TaskFailedException($"Unable to parse {CredentialName}");
        }

        return GoogleCredential.OfMachine() ?? throw new TaskFailedException(
            "Could not get google cloud credential: need gcp.credential secret or Application Default Credentials");
    }
}
