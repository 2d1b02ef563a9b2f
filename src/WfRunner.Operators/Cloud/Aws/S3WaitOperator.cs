using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using NodaTime;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Cloud.Aws;

/// <summary>
/// <c>s3_wait&gt;</c>: waits until an object of S3 exists. Digdag behaviour: operators-cloud 2. Better than Digdag: an exported
/// <c>bucket</c> or <c>key</c> does not disturb a task that names a path, and <c>s3://</c> may stand in front.
/// </summary>
public sealed class S3WaitOperator : IOperator
{
    private const string Service = "Amazon S3";

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "s3_wait",
        "Waits until an object of S3 exists.",
        new OperatorParameter("_command", ParameterType.Text, "BUCKET/KEY, or s3://BUCKET/KEY."),
        [
            new OperatorParameter("bucket", ParameterType.Text, "The bucket, with key instead of a path."),
            new OperatorParameter("key", ParameterType.Text, "The key, with bucket instead of a path."),
            new OperatorParameter("version_id", ParameterType.Text, "The version that must exist."),
            new OperatorParameter("region", ParameterType.Text, "Region; the secrets aws.s3.region and aws.region win."),
            new OperatorParameter("endpoint", ParameterType.Text, "Address of the service; the secret aws.s3.endpoint wins."),
            new OperatorParameter("path_style_access", ParameterType.Boolean, "Whether the bucket stands in the path instead of the host name."),
            new OperatorParameter("timeout", ParameterType.Text, "How long to wait at most, such as 120s (default: for ever)."),
            new OperatorParameter("continue_on_timeout", ParameterType.Boolean, "Whether the task succeeds when the time is over."),
        ])
    {
        RetriesOwnFailure = false,
        ReportsUnusedKeys = true,
        Stores = ["s3"],
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var section = request.Config.GetMapOrEmpty("aws").GetMapOrEmpty("s3").MergeDefault(request.Config.GetMapOrEmpty("aws"));
        var options = request.Config.MergeDefault(section);
        var address = AddressOf(request, section);
        var wait = new PollingWait("EXISTS", "POLL", Duration.FromSeconds(5), Duration.FromMinutes(5))
        {
            TimeLimit = DurationOption.Read(options, "timeout"),
        };
        var continues = options.GetBooleanOr("continue_on_timeout", false);
        using var client = Client(options, context);
        try
        {
            var look = await wait.LookAsync(
                request,
                context,
                $"Object '{address}' does not yet exist",
                () => S3ObjectHead.FindAsync(client, Head(address, options, context.Secrets), cancellationToken),
                e => !cancellationToken.IsCancellationRequested && AwsFailure.MayPass(e)).ConfigureAwait(false);
            return look.Found is { } found ? Stored(ConfigMap.Of(("last_object", found))) : look.Again!;
        }
        catch (AmazonServiceException e)
        {
            context.Log.Warn("Operation failed: giving up");
            throw AwsFailure.Of(Service, e);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.PollingTimeout)
        {
            context.Log.Error($"The object '{address}' did not appear within {options.GetString("timeout")}");
            if (continues)
            {
                return Stored(ConfigMap.Empty);
            }

            throw;
        }
    }

    // What a variable of a loop or an export is called must not change what a task waits for.
    private static S3Address AddressOf(OperatorRequest request, ConfigMap section)
    {
        var named = request.LocalConfig.MergeDefault(section);
        var (command, bucket, key) = (request.Config["_command"], named.GetStringOrNull("bucket"), named.GetStringOrNull("key"));
        return (command, bucket, key) switch
        {
            ({ IsNull: false }, null, null) => S3Address.Parse(ConfigAccess.AsString("_command", command), command),
            (null or ConfigNull, not null, not null) => new S3Address(bucket, key),
            _ => throw new ConfigException(
                "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set", request.LocalConfig.Span),
        };
    }

    private static AmazonS3Client Client(ConfigMap options, IOperatorContext context)
    {
        var endpoint = new AwsEndpoint(
            context.Secrets.FindIn("region", "aws.s3", "aws") ?? options.GetStringOrNull("region"),
            context.Secrets.Find("aws.s3.endpoint") ?? options.GetStringOrNull("endpoint"));
        var credentials = new BasicAWSCredentials(
            context.Secrets.GetFrom("access_key_id", "aws.s3", "aws"), context.Secrets.GetFrom("secret_access_key", "aws.s3", "aws"));
        var settings = new AmazonS3Config { ForcePathStyle = options.GetBooleanOr("path_style_access", false) };
        return new AmazonS3Client(credentials, endpoint.Apply(settings, context.Log));
    }

    private static GetObjectMetadataRequest Head(S3Address address, ConfigMap options, ISecretProvider secrets)
    {
        var head = new GetObjectMetadataRequest
        {
            BucketName = address.Bucket,
            Key = address.Key,
            VersionId = options.GetStringOrNull("version_id"),
        };
        if (secrets.Find("aws.s3.sse_c_key") is { } key)
        {
            head.ServerSideEncryptionCustomerMethod =
                ServerSideEncryptionCustomerMethod.FindValue(secrets.Find("aws.s3.sse_c_key_algorithm") ?? "AES256");
            head.ServerSideEncryptionCustomerProvidedKey = key;
            head.ServerSideEncryptionCustomerProvidedKeyMD5 = secrets.Find("aws.s3.sse_c_key_md5");
        }

        return head;
    }

    private static OperatorOutcome.Succeeded Stored(ConfigMap result) => new(new TaskResult
    {
        ResetStoreParams = ["s3.last_object"],
        StoreParams = ConfigMap.Of(("s3", result)),
    });
}
