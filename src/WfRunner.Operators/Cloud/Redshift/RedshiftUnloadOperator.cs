using Amazon.Runtime;
using Amazon.S3.Model;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Aws;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary>
/// <c>redshift_unload&gt;</c>: writes a query's result to S3 by UNLOAD, under a prefix of the task's own that is emptied first.
/// Digdag behaviour: operators-cloud 4.4 and 4.6.
/// </summary>
public sealed class RedshiftUnloadOperator : IOperator
{
    private const string Type = "redshift_unload";
    private const string Scheme = "s3://";

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        Type,
        "Writes the result of a query on Amazon Redshift to S3.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            new OperatorParameter("query", ParameterType.Text, "The query.", Required: true),
            new OperatorParameter("to", ParameterType.Text, "s3://BUCKET/PREFIX.", Required: true),
            .. RedshiftTransferOptions.Parameters(RedshiftTransferOptions.Unload),
            .. RedshiftTransfer.SharedParameters,
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (SqlTask.WithoutIdentity(request) is { } first)
        {
            return first;
        }

        var transfer = new RedshiftTransfer(Type, request, context);
        var query = transfer.Options.GetString("query");
        var target = TargetOf(transfer.Options.GetString("to"), SqlTask.IdentityOf(request));
        var lines = RedshiftTransferOptions.Lines(RedshiftTransferOptions.Unload, transfer.Options);
        var credentials = await transfer.Credentials.TextAsync([new(target, Writes: true)], cancellationToken).ConfigureAwait(false);
        await EmptyAsync(transfer, S3Address.Parse(target, null), cancellationToken).ConfigureAwait(false);
        return await transfer.RunAsync(Statement(query, target, credentials, lines), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The statement.</summary>
    internal static string Statement(string query, string target, string credentials, string options) =>
        $"UNLOAD ({RedshiftTransferOptions.Quote(query)}) TO {RedshiftTransferOptions.Quote(target)}\nCREDENTIALS {RedshiftTransferOptions.Quote(credentials)}\n{options}";

    private static string TargetOf(string to, string queryId)
    {
        if (!to.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new ConfigException($"'to' should start with 's3://'. to={to}");
        }

        return to.Length > Scheme.Length && to[Scheme.Length] != '/'
            ? $"{(to.EndsWith('/') ? to : to + "/")}{queryId}_"
            : throw new ConfigException($"'to' includes empty bucket. to={to}");
    }

    // What an earlier, interrupted run of the same task has left there.
    private static async Task EmptyAsync(RedshiftTransfer transfer, S3Address prefix, CancellationToken cancellationToken)
    {
        using var client = transfer.OpenS3();
        try
        {
            var list = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = prefix.Key };
            ListObjectsV2Response page;
            do
            {
                page = await client.ListObjectsV2Async(list, cancellationToken).ConfigureAwait(false);
                if (page.S3Objects is { Count: > 0 } found)
                {
                    var delete = new DeleteObjectsRequest
                    {
                        BucketName = prefix.Bucket,
                        Objects = [.. found.Select(o => new KeyVersion { Key = o.Key })],
                    };
                    await client.DeleteObjectsAsync(delete, cancellationToken).ConfigureAwait(false);
                }

                list.ContinuationToken = page.NextContinuationToken;
            }
            while (page.IsTruncated ?? false);
        }
        catch (AmazonServiceException e)
        {
            throw AwsFailure.Of("Amazon S3", e);
        }
    }
}
