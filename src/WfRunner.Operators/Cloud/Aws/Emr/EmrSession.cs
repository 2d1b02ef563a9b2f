using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>The clients of one call of <c>emr&gt;</c>: EMR, KMS and S3 with the same credentials. Digdag behaviour: operators-cloud 3.1.</summary>
internal sealed class EmrSession : IDisposable
{
    private const int RoleSeconds = 3600;
    private static readonly string[] Scopes = ["aws.emr", "aws"];

    private readonly IOperatorContext _context;
    private readonly ConfigMap _options;
    private readonly AWSCredentials _credentials;
    private AwsJsonApi? _kms;

    private EmrSession(IOperatorContext context, ConfigMap options, AWSCredentials credentials)
    {
        _context = context;
        _options = options;
        _credentials = credentials;
        Emr = new AwsJsonApi(AwsJsonService.Emr, credentials, EndpointOf("emr"), context.Log);
        var s3 = EndpointOf("s3");
        S3 = new AmazonS3Client(credentials, s3.Apply(new AmazonS3Config { ForcePathStyle = s3.Address is not null }, context.Log));
    }

    /// <summary>EMR.</summary>
    public AwsJsonApi Emr { get; }

    /// <summary>Where files are staged.</summary>
    public AmazonS3Client S3 { get; }

    /// <summary>The region of the key service; null for the default.</summary>
    public string? KmsRegion => EndpointOf("kms").Region;

    /// <summary>Opens the clients, in the task's role if there is one.</summary>
    /// <exception cref="AmazonServiceException">The role was refused.</exception>
    public static async Task<EmrSession> OpenAsync(IOperatorContext context, ConfigMap options, string tag, CancellationToken cancellationToken)
    {
        var secrets = context.Secrets;
        AWSCredentials credentials = new BasicAWSCredentials(
            secrets.GetFrom("access_key_id", Scopes), secrets.GetFrom("secret_access_key", Scopes));
        if (secrets.FindIn("role_arn", Scopes) is { } role)
        {
            var endpoint = new AwsEndpoint(secrets.FindIn("region", "aws.emr", "aws"), secrets.Find("aws.sts.endpoint"));
            using var sts = new AmazonSecurityTokenServiceClient(credentials, endpoint.Apply(new AmazonSecurityTokenServiceConfig(), context.Log));
            var request = new AssumeRoleRequest
            {
                RoleArn = role,
                RoleSessionName = secrets.FindIn("role_session_name", Scopes) ?? $"digdag-emr-{tag}",
                DurationSeconds = RoleSeconds,
            };
            credentials = (await sts.AssumeRoleAsync(request, cancellationToken).ConfigureAwait(false)).Credentials;
        }

        return new EmrSession(context, options, credentials);
    }

    /// <summary>A value as only the cluster's own role may read it.</summary>
    /// <returns>Base64.</returns>
    public async Task<string> EncryptAsync(string value, CancellationToken cancellationToken)
    {
        var key = _context.Secrets.Find("aws.emr.kms_key_id")
            ?? throw new WorkflowException(FailureKind.SecretNotFound, "Secret not found for key: 'aws.emr.kms_key_id'");
        _kms ??= new AwsJsonApi(AwsJsonService.Kms, _credentials, EndpointOf("kms"), _context.Log);
        var plain = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value));
        return (await _kms.CallAsync("Encrypt", ConfigMap.Of(("KeyId", key), ("Plaintext", plain)), cancellationToken).ConfigureAwait(false))
            .GetString("CiphertextBlob");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Emr.Dispose();
        S3.Dispose();
        _kms?.Dispose();
    }

    private AwsEndpoint EndpointOf(string service) => new(
        _context.Secrets.FindIn("region", $"aws.{service}", "aws") ?? _options.GetStringOrNull($"{service}.region"),
        _context.Secrets.Find($"aws.{service}.endpoint") ?? _options.GetStringOrNull($"{service}.endpoint"));
}
