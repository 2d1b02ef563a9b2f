using System.Globalization;
using System.Net;
using NodaTime;
using WfRunner.Cloud.Google;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>
/// A job of BigQuery: its id is saved before it is submitted, so that a repeated submission finds it; then it is watched by polling.
/// Digdag behaviour: operators-cloud 7.1. Better than Digdag: a killed attempt cancels its job, the id holds only characters that
/// BigQuery takes, and a location is named when the job is submitted too.
/// </summary>
internal sealed class BqJob(OperatorRequest request, IOperatorContext context, string? location)
{
    private const string IdKey = "jobId";
    private const string StartKey = "start";

    /// <summary>On the first call: the wish to be called again with an id saved.</summary>
    public static OperatorOutcome.Polling? WithoutId(OperatorRequest request) => request.StateParams.Has(IdKey)
        ? null
        : new OperatorOutcome.Polling(Duration.Zero, request.StateParams.With(IdKey, NewId(request)));

    /// <summary>Submits the job, unless it is submitted already, and looks once whether it is done.</summary>
    /// <param name="bigQuery">The service.</param>
    /// <param name="configuration">What the job does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OperatorOutcome> RunAsync(GoogleApi bigQuery, ConfigMap configuration, CancellationToken cancellationToken)
    {
        var job = new Handle(bigQuery, request.StateParams.GetString(IdKey), location);
        if (await StartAsync(job, configuration, cancellationToken).ConfigureAwait(false) is { } again)
        {
            return again;
        }

        var started = request with { StateParams = request.StateParams.With(StartKey, ConfigMap.Of(("operation", ConfigMap.Empty), ("done", true))) };
        var wait = new PollingWait("running", "check", Duration.FromSeconds(1), Duration.FromSeconds(30))
        {
            RetryMessage = $"BigQuery job status check failed: {job}",
        };
        var look = await wait.LookAsync(
            started, context, $"BigQuery job still running: {job.Id}", () => FinishedAsync(job, cancellationToken), GoogleApiException.MayPassForJobs).ConfigureAwait(false);
        return look.Found is { } done ? Result(job, done) : look.Again!;
    }

    /// <summary>Ends the job of a killed attempt.</summary>
    public static async Task CancelAsync(OperatorRequest request, IOperatorContext context, string? location, CancellationToken cancellationToken)
    {
        if (!request.StateParams.GetMapOrEmpty(StartKey).Has("done"))
        {
            return;
        }

        using var bigQuery = GoogleServices.OpenBigQuery(context);
        var job = new Handle(bigQuery, request.StateParams.GetString(IdKey), location);
        try
        {
            context.Log.Info($"Canceling BigQuery job: {job}");
            await bigQuery.SendAsync(HttpMethod.Post, job.Path("/cancel"), null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GoogleApiException || GoogleApiException.MayPass(e))
        {
            context.Log.Warn($"The BigQuery job {job} could not be canceled: {e.Message}");
        }
    }

    private async Task<OperatorOutcome.Polling?> StartAsync(Handle job, ConfigMap configuration, CancellationToken cancellationToken)
    {
        if (request.StateParams.GetMapOrEmpty(StartKey).Has("done"))
        {
            return null;
        }

        try
        {
            context.Log.Info($"Submitting BigQuery job: {job}");
            await job.BigQuery.SendAsync(
                HttpMethod.Post,
                job.CollectionPath,
                ConfigMap.Of(("jobReference", job.Reference), ("configuration", configuration)),
                cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (GoogleApiException e) when (e.Status == HttpStatusCode.Conflict)
        {
            context.Log.Debug($"BigQuery job already started: {job}");
            return null;
        }
        catch (GoogleApiException e) when (e.IsRefusal)
        {
            throw e.ToFailure();
        }
        catch (Exception e) when (GoogleApiException.MayPassForJobs(e))
        {
            return new PollingRetry(StartKey).Again(request, context.Log, $"BigQuery job submission failed: {job}: {e.Message}");
        }
    }

    private async Task<ConfigMap?> FinishedAsync(Handle job, CancellationToken cancellationToken)
    {
        context.Log.Info($"Checking BigQuery job status: {job}");
        ConfigMap found;
        try
        {
            found = await job.BigQuery.SendAsync(HttpMethod.Get, job.Path(string.Empty), null, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.IsRefusal)
        {
            throw e.ToFailure();
        }

        return found.GetMapOrEmpty("status").GetStringOr("state", string.Empty) switch
        {
            "PENDING" or "RUNNING" => null,
            "DONE" => found,
            var other => throw new TaskFailedException($"Unknown job state: {job}: {other}"),
        };
    }

    private OperatorOutcome Result(Handle job, ConfigMap done)
    {
        var status = done.GetMapOrEmpty("status");
        if (status["errorResult"] is { IsNull: false } first)
        {
            var errors = status.GetListOrEmpty("errors") is { Count: > 0 } all ? all : [first];
            context.Log.Error($"BigQuery job failed: {job}");
            foreach (var error in errors)
            {
                context.Log.Error(ConfigJson.Write(error));
            }

            throw new TaskFailedException(
                $"BigQuery job failed: {job}", ConfigMap.Of(("errors", string.Join(", ", errors.Select(ConfigJson.Write)))));
        }

        context.Log.Info($"BigQuery job successfully done: {job}");
        var id = done.GetStringOr("id", job.ToString());
        return new OperatorOutcome.Succeeded(new TaskResult
        {
            ResetStoreParams = ["bq.last_job_id", "bq.last_jobid"],
            StoreParams = ConfigMap.Of(("bq", ConfigMap.Of(("last_job_id", id), ("last_jobid", id)))),
        });
    }

    private static string NewId(OperatorRequest request)
    {
        const int longestName = 256;
        const int longestId = 1024;
        var attempt = request.Attempt;
        var id = string.Create(
            CultureInfo.InvariantCulture,
            $"digdag_s{attempt.SiteId}_p_{Cut(attempt.ProjectName)}_w_{Cut(attempt.WorkflowName)}_t_{request.TaskId}_a_{attempt.AttemptId}_{Guid.NewGuid()}");
        return string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'))[..Math.Min(id.Length, longestId)];

        static string Cut(string name) => name.Length > longestName ? name[..longestName] : name;
    }

    private sealed record Handle(GoogleApi BigQuery, string Id, string? Location)
    {
        public string CollectionPath => $"/bigquery/v2/projects/{Uri.EscapeDataString(BigQuery.Project)}/jobs";

        public ConfigMap Reference
        {
            get
            {
                var reference = ConfigMap.Of(("projectId", BigQuery.Project), ("jobId", Id));
                return Location is null ? reference : reference.With("location", Location);
            }
        }

        public string Path(string action) =>
            $"{CollectionPath}/{Id}{action}{(Location is null ? string.Empty : "?location=" + Uri.EscapeDataString(Location))}";

        public override string ToString() => $"{BigQuery.Project}:{Id}";
    }
}
