using System.Globalization;
using System.Net;
using System.Numerics;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cloud.Google;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// <c>gcs_wait&gt;</c>: waits until an object of Google Cloud Storage exists. Digdag behaviour: operators-cloud 6. Better than
/// Digdag: it knows <c>timeout</c> and <c>continue_on_timeout</c> as <c>s3_wait&gt;</c> does.
/// </summary>
public sealed class GcsWaitOperator : IOperator
{
    private const string Scheme = "gs://";

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal) { "size", "generation", "metageneration" };

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "timeCreated", "updated", "timeDeleted", "timeStorageClassUpdated", "retentionExpirationTime", "customTime", "softDeleteTime", "hardDeleteTime",
    };

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "gcs_wait",
        "Waits until an object of Google Cloud Storage exists.",
        new OperatorParameter("_command", ParameterType.Text, "BUCKET/OBJECT, or gs://BUCKET/OBJECT."),
        [
            new OperatorParameter("bucket", ParameterType.Text, "The bucket, with object instead of a path."),
            new OperatorParameter("object", ParameterType.Text, "The object, with bucket instead of a path."),
            new OperatorParameter("timeout", ParameterType.Text, "How long to wait at most, such as 120s (default: for ever)."),
            new OperatorParameter("continue_on_timeout", ParameterType.Boolean, "Whether the task succeeds when the time is over."),
        ])
    {
        Stores = ["gcs_wait"],
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var section = request.Config.GetMapOrEmpty("gcs");
        var options = request.Config.MergeDefault(section);
        var (bucket, name) = AddressOf(request, section);
        var wait = new PollingWait("exists", "poll", Duration.FromSeconds(1), Duration.FromSeconds(30)) { TimeLimit = DurationOption.Read(options, "timeout") };
        using var storage = GoogleServices.OpenStorage(context);
        try
        {
            var look = await wait.LookAsync(
                request,
                context,
                $"Object '{bucket}/{name}' does not yet exist",
                () => FindAsync(storage, bucket, name, cancellationToken),
                GoogleApiException.MayPass).ConfigureAwait(false);
            return look.Found is { } found ? Stored(ConfigMap.Of(("last_object", ConfigMap.Of(("metadata", found))))) : look.Again!;
        }
        catch (GoogleApiException e)
        {
            throw e.ToFailure();
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.PollingTimeout)
        {
            context.Log.Error($"The object '{bucket}/{name}' did not appear within {options.GetString("timeout")}");
            if (options.GetBooleanOr("continue_on_timeout", false))
            {
                return Stored(ConfigMap.Empty);
            }

            throw;
        }
    }

    private static async Task<ConfigMap?> FindAsync(GoogleApi storage, string bucket, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await storage.SendAsync(
                HttpMethod.Get, $"/storage/v1/b/{Uri.EscapeDataString(bucket)}/o/{Uri.EscapeDataString(name)}", null, cancellationToken).ConfigureAwait(false);
            return ConfigMap.Of(found.Select(e => (e.Key, AsLibraryGivesIt(e.Key, e.Value))));
        }
        catch (GoogleApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // JSON of the service carries long numbers and times as texts; users of Digdag know them as its client library showed them.
    private static ConfigValue AsLibraryGivesIt(string key, ConfigValue value) => value switch
    {
        ConfigText text when Numbers.Contains(key) && BigInteger.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            new ConfigInteger(number),
        ConfigText text when Times.Contains(key) && OffsetDateTimePattern.ExtendedIso.Parse(text.Value) is { Success: true, Value: var time } => ConfigMap.Of(
            ("value", time.ToInstant().ToUnixTimeMilliseconds()), ("dateOnly", false), ("timeZoneShift", (long)(time.Offset.Seconds / 60))),
        _ => value,
    };

    private static (string Bucket, string Name) AddressOf(OperatorRequest request, ConfigMap section)
    {
        var named = request.LocalConfig.MergeDefault(section);
        switch (request.Config["_command"], named.GetStringOrNull("bucket"), named.GetStringOrNull("object"))
        {
            case ({ IsNull: false } command, null, null):
                var text = ConfigAccess.AsString("_command", command);
                var path = text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : text;
                return path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && slash < path.Length - 1
                    ? (path[..slash], path[(slash + 1)..])
                    : throw new ConfigException($"Illegal GCS URI or path: {text}", command.Span);
            case (null or ConfigNull, { } bucket, { } name):
                return (bucket, name);
            default:
                throw new ConfigException(
                    "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set", request.LocalConfig.Span);
        }
    }

    private static OperatorOutcome.Succeeded Stored(ConfigMap result) => new(new TaskResult
    {
        ResetStoreParams = ["gcs_wait.last_object"],
        StoreParams = ConfigMap.Of(("gcs_wait", result)),
    });
}
