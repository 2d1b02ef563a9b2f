using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary>
/// The credentials that a COPY or UNLOAD hands to the database: by default those of a session that may do nothing but reach the
/// data of this one statement. Digdag behaviour: operators-cloud 4.4.
/// </summary>
internal sealed class RedshiftCredentials(string type, ConfigMap options, IOperatorContext context)
{
    private const int DefaultSeconds = 10800;
    private const string SessionName = "digdag-operator-session";

    private readonly string[] _scopes = [$"aws.{type}", "aws.redshift", "aws"];

    /// <summary>What data a session may reach.</summary>
    /// <param name="Uri">The data.</param>
    /// <param name="Writes">Whether it may be written too.</param>
    public sealed record Access(string Uri, bool Writes);

    /// <summary>The user's own, for what is done outside of the database.</summary>
    public BasicAWSCredentials Own() => new(
        context.Secrets.GetFrom("access_key_id", _scopes), context.Secrets.GetFrom("secret_access_key", _scopes));

    /// <summary>The text behind CREDENTIALS.</summary>
    /// <param name="accesses">What the statement needs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> TextAsync(IReadOnlyList<Access> accesses, CancellationToken cancellationToken)
    {
        var own = Own();
        if (!options.GetBooleanOr("temp_credentials", true))
        {
            return TextOf(await own.GetCredentialsAsync().ConfigureAwait(false));
        }

        var endpoint = new AwsEndpoint(context.Secrets.FindIn("region", _scopes), context.Secrets.Find("aws.sts.endpoint"));
        using var client = new AmazonSecurityTokenServiceClient(own, endpoint.Apply(new AmazonSecurityTokenServiceConfig(), context.Log));
        var seconds = options.GetInt32OrNull("session_duration") ?? DefaultSeconds;
        var policy = PolicyOf(accesses);
        try
        {
            var session = context.Secrets.FindIn("role_arn", _scopes) is { } role
                ? (await client.AssumeRoleAsync(
                    new AssumeRoleRequest
                    {
                        RoleArn = role,
                        RoleSessionName = context.Secrets.Find("role_session_name") ?? context.Secrets.FindIn("role_session_name", _scopes) ?? SessionName,
                        DurationSeconds = seconds,
                        Policy = policy,
                    },
                    cancellationToken).ConfigureAwait(false)).Credentials
                : (await client.GetFederationTokenAsync(
                    new GetFederationTokenRequest { Name = SessionName, DurationSeconds = seconds, Policy = policy },
                    cancellationToken).ConfigureAwait(false)).Credentials;
            return TextOf(await session.GetCredentialsAsync().ConfigureAwait(false));
        }
        catch (AmazonServiceException e)
        {
            throw AwsFailure.Of("AWSSecurityTokenService", e);
        }
    }

    private static string TextOf(ImmutableCredentials keys) =>
        $"aws_access_key_id={keys.AccessKey};aws_secret_access_key={keys.SecretKey}{(keys.UseToken ? $";token={keys.Token}" : string.Empty)}";

    private static string PolicyOf(IEnumerable<Access> accesses)
    {
        var statements = new JsonArray();
        foreach (var (actions, resource) in accesses.SelectMany(StatementsOf))
        {
            statements.Add((JsonNode)new JsonObject
            {
                ["Effect"] = "Allow",
                ["Action"] = new JsonArray([.. actions.Select(a => JsonValue.Create(a))]),
                ["Resource"] = new JsonArray(JsonValue.Create(resource)),
            });
        }

        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements }.ToJsonString();
    }

    private static IEnumerable<(string[] Actions, string Resource)> StatementsOf(Access access)
    {
        var end = access.Uri.IndexOf("://", StringComparison.Ordinal);
        var rest = end < 0 ? string.Empty : access.Uri[(end + 3)..];
        return (end < 0 ? string.Empty : access.Uri[..end]) switch
        {
            "s3" =>
            [
                (["s3:ListBucket"], $"arn:aws:s3:::{rest.Split('/')[0]}"),
                ([access.Writes ? "s3:PutObject" : "s3:GetObject"], $"arn:aws:s3:::{rest}*"),
            ],
            "dynamodb" => [(access.Writes ? ["dynamodb:DescribeTable"] : ["dynamodb:DescribeTable", "dynamodb:Scan"], $"arn:aws:dynamodb:*:*:table/{rest}")],
            "emr" => [(["elasticmapreduce:*"], $"arn:aws:elasticmapreduce:*:*:cluster/{rest}")],
            _ => throw new WorkflowException(FailureKind.IllegalArgument, $"Unexpected `uri`. uri={access.Uri}"),
        };
    }
}
