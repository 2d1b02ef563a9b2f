using System.Security.Cryptography;
using Amazon.Runtime;
using NodaTime;
using WfRunner.Cloud.Aws;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>
/// <c>emr&gt;</c>: runs steps on a cluster of Elastic MapReduce, a new one or one that runs. Digdag behaviour: operators-cloud 3. Better
/// than Digdag: a submission whose answer was lost is found again, a kill ends what was started, and only the task's own staging
/// folder is emptied.
/// </summary>
public sealed class EmrOperator : IOperator
{
    private const string DisplayName = "AmazonElasticMapReduce";
    private const string TagKey = "tag";
    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "emr",
        "Runs steps on a cluster of Amazon EMR.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [
            new OperatorParameter("cluster", ParameterType.Any, "Id of a running cluster, or what a new one is like.", Required: true),
            new OperatorParameter("steps", ParameterType.List, "The steps: type, name, and what the type takes.", Required: true) { ResolvesSecrets = true },
            new OperatorParameter("staging", ParameterType.Text, "s3://BUCKET/FOLDER/ for the files that the cluster takes.", Required: true),
            new OperatorParameter("action_on_failure", ParameterType.Text, "What EMR does after a failed step (default: CANCEL_AND_WAIT)."),
            new OperatorParameter("emr.region", ParameterType.Text, "Region of EMR; the secrets aws.emr.region and aws.region win."),
            new OperatorParameter("s3.region", ParameterType.Text, "Region of S3; the secrets aws.s3.region and aws.region win."),
            new OperatorParameter("kms.region", ParameterType.Text, "Region of KMS; the secrets aws.kms.region and aws.region win."),
            new OperatorParameter("emr.endpoint", ParameterType.Text, "Address of EMR; the secret aws.emr.endpoint wins."),
            new OperatorParameter("s3.endpoint", ParameterType.Text, "Address of S3; the secret aws.s3.endpoint wins."),
            new OperatorParameter("kms.endpoint", ParameterType.Text, "Address of KMS; the secret aws.kms.endpoint wins."),
        ])
    {
        Stores = ["emr"],
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.StateParams.GetStringOrNull(TagKey) is not { } tag)
        {
            return new OperatorOutcome.Polling(Duration.Zero, request.StateParams.With(TagKey, NewTag()));
        }

        var options = OptionsOf(request);
        try
        {
            using var session = await EmrSession.OpenAsync(context, options, tag, cancellationToken).ConfigureAwait(false);
            var staging = new EmrStaging(session.S3, request, context, options, tag);
            OperatorOutcome outcome;
            try
            {
                outcome = await new EmrRun(request, context, options, tag, session, staging).AdvanceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await EndAsync(session, staging, request, context).ConfigureAwait(false);
                throw;
            }
            catch (Exception)
            {
                await staging.CleanUpAsync(cancellationToken).ConfigureAwait(false);
                throw;
            }

            if (outcome is OperatorOutcome.Succeeded)
            {
                await staging.CleanUpAsync(cancellationToken).ConfigureAwait(false);
            }

            return outcome;
        }
        catch (AmazonServiceException e)
        {
            context.Log.Warn("Operation failed: giving up");
            throw AwsFailure.Of(DisplayName, e);
        }
    }

    /// <inheritdoc/>
    public async Task CleanUpAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.StateParams.GetStringOrNull(TagKey) is { } tag)
        {
            var options = OptionsOf(request);
            using var session = await EmrSession.OpenAsync(context, options, tag, cancellationToken).ConfigureAwait(false);
            await EndAsync(session, new EmrStaging(session.S3, request, context, options, tag), request, context).ConfigureAwait(false);
        }
    }

    // A cluster that was started for these steps alone ends with them; any other one only loses them.
    private static async Task EndAsync(EmrSession session, EmrStaging staging, OperatorRequest request, IOperatorContext context)
    {
        using var limit = new CancellationTokenSource(LongestCleanUp);
        try
        {
            if (EmrSubmission.Of(request.StateParams) is { } submission)
            {
                var end = submission.IsNewCluster && submission.EndsItself
                    ? session.Emr.CallAsync("TerminateJobFlows", ConfigMap.Of(("JobFlowIds", new ConfigList([submission.Cluster]))), limit.Token)
                    : session.Emr.CallAsync(
                        "CancelSteps",
                        ConfigMap.Of(
                            ("ClusterId", submission.Cluster),
                            ("StepIds", new ConfigList(submission.Steps.Select(ConfigValue.FromString))),
                            ("StepCancellationOption", "TERMINATE_PROCESS")),
                        limit.Token);
                await end.ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is AmazonServiceException or OperationCanceledException || AwsFailure.MayPass(e))
        {
            context.Log.Warn($"The EMR steps could not be ended: {e.Message}");
        }

        await staging.CleanUpAsync(limit.Token).ConfigureAwait(false);
    }

    private static ConfigMap OptionsOf(OperatorRequest request)
    {
        var aws = request.Config.GetMapOrEmpty("aws");
        return request.Config.MergeDefault(aws.GetMapOrEmpty("emr")).MergeDefault(aws);
    }

    // Eight random bytes in base 32 without padding.
    private static string NewTag()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        const int letters = 13;
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return string.Create(letters, bits, static (text, value) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var shift = 59 - (5 * i);
                text[i] = alphabet[(int)((shift >= 0 ? value >> shift : value << -shift) & 31)];
            }
        });
    }
}
