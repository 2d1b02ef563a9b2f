using System.Globalization;
using System.Runtime.CompilerServices;
using NodaTime;
using WfRunner.Cloud.Aws;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>One call of <c>emr&gt;</c>: goes as far as is possible now. Digdag behaviour: the states of operators-cloud 3.2.</summary>
internal sealed class EmrRun(
    OperatorRequest request, IOperatorContext context, ConfigMap options, string tag, EmrSession session, EmrStaging staging)
{
    // The newest come first; what was lost a moment ago is among the first pages.
    private const int PagesToSearch = 4;
    private const int IdsPerCall = 10;

    private ConfigMap State => request.StateParams;

    /// <summary>Goes on.</summary>
    public async Task<OperatorOutcome> AdvanceAsync(CancellationToken cancellationToken)
    {
        if (EmrSubmission.Of(State) is not { } submission)
        {
            return await SubmitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (submission is { IsNewCluster: true, Steps: [] })
        {
            return await RetryingAsync("steps", async () =>
            {
                var steps = await OwnStepsAsync(submission.Cluster, int.MaxValue, cancellationToken).ConfigureAwait(false);
                return At(Duration.Zero, (submission with { Steps = steps }).SaveIn(State.Without("steps")));
            }).ConfigureAwait(false);
        }

        if (submission.IsNewCluster && !State.Has("bootstrapped"))
        {
            var wait = new PollingWait("bootstrap", "bootstrap", Duration.FromSeconds(30), Duration.FromMinutes(5)) { RetryPause = (30, 300) };
            var up = await wait.LookAsync(
                request, context, $"EMR cluster still booting: {submission.Cluster}", () => UpAsync(submission.Cluster, cancellationToken), AwsFailure.MayPass)
                .ConfigureAwait(false);
            return up.Again ?? At(Duration.Zero, wait.Forget(State).With("bootstrapped", true));
        }

        return await ResultAsync(submission, cancellationToken).ConfigureAwait(false);
    }

    private static OperatorOutcome.Polling At(Duration pause, ConfigMap state) => new(pause, state);

    private async Task<OperatorOutcome> SubmitAsync(CancellationToken cancellationToken)
    {
        var cluster = Cluster();
        var steps = Steps();
        var compiler = new EmrSteps(staging, session, context, tag);
        return await RetryingAsync(EmrSubmission.Key, async () =>
        {
            var submission = cluster is ConfigMap map
                ? await RunAsync(map, steps, compiler, cancellationToken).ConfigureAwait(false)
                : await AddAsync(ConfigAccess.AsString("cluster", cluster), steps, compiler, cancellationToken).ConfigureAwait(false);
            return At(Duration.Zero, submission.SaveIn(State));
        }).ConfigureAwait(false);
    }

    private ConfigValue Cluster() => options["cluster"] switch
    {
        null or ConfigNull => ConfigMap.Empty,
        ConfigText { Value: var text } when text.TrimStart().StartsWith('{') => options.ParseMap("cluster"),
        var given => given,
    };

    private IReadOnlyList<ConfigValue> Steps() => options["steps"] is { IsNull: false } && options.ParseList("steps") is { Count: > 0 } steps
        ? steps
        : throw new ConfigException("Parameter 'steps' is required: name at least one step", options["steps"]?.Span);

    private string DefaultAction => options.GetStringOr("action_on_failure", "CANCEL_AND_WAIT");

    private async Task<EmrSubmission> AddAsync(string cluster, IReadOnlyList<ConfigValue> steps, EmrSteps compiler, CancellationToken cancellationToken)
    {
        if (await OwnStepsAsync(cluster, PagesToSearch, cancellationToken).ConfigureAwait(false) is { Length: > 0 } known)
        {
            return new(cluster, known, IsNewCluster: false, EndsItself: false);
        }

        var compiled = await compiler.CompileAsync(steps, DefaultAction, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        context.Log.Info(Text($"Submitting {steps.Count} EMR step(s) to {cluster}"));

        // A submission is not broken off: steps whose ids nobody knows could not be cancelled.
        var answer = await session.Emr.CallAsync(
            "AddJobFlowSteps", ConfigMap.Of(("JobFlowId", cluster), ("Steps", compiled)), CancellationToken.None).ConfigureAwait(false);
        string[] ids = [.. answer.GetList("StepIds").Select(i => ConfigAccess.AsString("StepIds", i))];
        context.Log.Info(Text($"Submitted {ids.Length} EMR step(s) to {cluster}"));
        foreach (var (i, step) in compiled.Items.Index())
        {
            context.Log.Info(Text($"Step {i + 1}/{ids.Length}: {((ConfigMap)step).GetString("Name")}: {ids.ElementAtOrDefault(i)}"));
        }

        return new(cluster, ids, IsNewCluster: false, EndsItself: false);
    }

    private async Task<EmrSubmission> RunAsync(ConfigMap map, IReadOnlyList<ConfigValue> steps, EmrSteps compiler, CancellationToken cancellationToken)
    {
        var cluster = new EmrCluster(map, options, request, context);
        if (await LostClusterAsync(cluster.NameFor(tag), cancellationToken).ConfigureAwait(false) is { } known)
        {
            return new(known, [], IsNewCluster: true, cluster.EndsItself);
        }

        var compiled = await compiler.CompileAsync(steps, DefaultAction, cancellationToken).ConfigureAwait(false);
        var input = await cluster.CompileAsync(tag, compiled, compiler, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        context.Log.Info(Text($"Submitting EMR job with {steps.Count} steps(s)"));
        var id = (await session.Emr.CallAsync("RunJobFlow", input, CancellationToken.None).ConfigureAwait(false)).GetString("JobFlowId");
        context.Log.Info(Text($"Submitted EMR job with {steps.Count} step(s): {id}"));
        return new(id, [], IsNewCluster: true, cluster.EndsItself);
    }

    private async Task<string?> LostClusterAsync(string name, CancellationToken cancellationToken)
    {
        // Clocks differ; a cluster of the task cannot be older than the task by more than this.
        var since = (request.StartedAt ?? context.Clock.GetCurrentInstant()) - Duration.FromHours(1);
        var query = ConfigMap.Of(("CreatedAfter", since.ToUnixTimeSeconds()));
        try
        {
            var all = PagesAsync("ListClusters", query, "Clusters", PagesToSearch, cancellationToken);
            return (await all.ConfigureAwait(false)).FirstOrDefault(c => c.GetStringOrNull("Name") == name)?.GetString("Id");
        }
        catch (Amazon.Runtime.AmazonServiceException e) when (e.ErrorCode.StartsWith("AccessDenied", StringComparison.Ordinal))
        {
            context.Log.Warn("The clusters may not be listed: a submission whose answer was lost would not be found");
            return null;
        }
    }

    // EMR lists the newest first.
    private async Task<string[]> OwnStepsAsync(string cluster, int pages, CancellationToken cancellationToken) =>
    [
        .. (await PagesAsync("ListSteps", ConfigMap.Of(("ClusterId", cluster)), "Steps", pages, cancellationToken).ConfigureAwait(false))
            .Where(s => s.GetStringOr("Name", string.Empty).Contains(tag, StringComparison.Ordinal))
            .Select(s => s.GetString("Id"))
            .Reverse(),
    ];

    private async Task<List<ConfigMap>> PagesAsync(string operation, ConfigMap query, string key, int pages, CancellationToken cancellationToken)
    {
        var all = new List<ConfigMap>();
        string? marker = null;
        do
        {
            var page = await session.Emr.CallAsync(operation, marker is null ? query : query.With("Marker", marker), cancellationToken).ConfigureAwait(false);
            all.AddRange(page.GetListOrEmpty(key).OfType<ConfigMap>());
            marker = page.GetStringOrNull("Marker");
        }
        while (marker is not null && --pages > 0);
        return all;
    }

    private async Task<string?> UpAsync(string cluster, CancellationToken cancellationToken)
    {
        var answer = await session.Emr.CallAsync("DescribeCluster", ConfigMap.Of(("ClusterId", cluster)), cancellationToken).ConfigureAwait(false);
        var state = answer.GetMap("Cluster").GetMap("Status").GetString("State");
        switch (state)
        {
            case "STARTING":
                context.Log.Info($"EMR cluster starting: {cluster}");
                return null;
            case "BOOTSTRAPPING":
                context.Log.Info($"EMR cluster bootstrapping: {cluster}");
                return null;
            case "RUNNING" or "WAITING":
                context.Log.Info($"EMR cluster up: {cluster}");
                return state;
            case "TERMINATING" or "TERMINATED" or "TERMINATED_WITH_ERRORS":
                return state;
            default:
                throw new WorkflowException(FailureKind.Runtime, $"Unknown EMR cluster state: {state}");
        }
    }

    private async Task<OperatorOutcome> ResultAsync(EmrSubmission submission, CancellationToken cancellationToken)
    {
        if (submission.Steps.Count == 0)
        {
            throw new TaskFailedException($"EMR boot failed: {submission.Cluster}");
        }

        var wait = new PollingWait("result", "poll", Duration.FromSeconds(15), Duration.FromMinutes(5)) { RetryPause = (15, 300) };
        var done = await wait.LookAsync(
            request, context, $"EMR job still running: {submission.Cluster}", () => StatusAsync(submission, cancellationToken), AwsFailure.MayPass)
            .ConfigureAwait(false);
        if (done.Again is not null)
        {
            return done.Again;
        }

        if (done.Found != "COMPLETED")
        {
            await ReportAsync(submission, cancellationToken).ConfigureAwait(false);
            throw new TaskFailedException("EMR job failed");
        }

        context.Log.Info("EMR steps done");
        return !submission.IsNewCluster ? OperatorOutcome.Done : new OperatorOutcome.Succeeded(new TaskResult
        {
            ResetStoreParams = ["emr.last_cluster_id"],
            StoreParams = ConfigMap.Of(("emr", ConfigMap.Of(("last_cluster_id", submission.Cluster)))),
        });
    }

    private async Task<string?> StatusAsync(EmrSubmission submission, CancellationToken cancellationToken)
    {
        var running = ConfigMap.Of(("ClusterId", submission.Cluster), ("StepStates", new ConfigList(["RUNNING"])));
        foreach (var step in await PagesAsync("ListSteps", running, "Steps", PagesToSearch, cancellationToken).ConfigureAwait(false))
        {
            context.Log.Info($"Currently running EMR step {PositionOf(submission, step)}: {step.GetString("Id")}: {step.GetStringOr("Name", string.Empty)}");
        }

        var last = ConfigMap.Of(("ClusterId", submission.Cluster), ("StepId", submission.Steps[^1]));
        var answer = (await session.Emr.CallAsync("DescribeStep", last, cancellationToken).ConfigureAwait(false)).GetMap("Step");
        var state = answer.GetMap("Status").GetString("State");
        return state switch
        {
            "PENDING" or "RUNNING" => null,
            "COMPLETED" or "CANCEL_PENDING" or "CANCELLED" or "FAILED" or "INTERRUPTED" => state,
            _ => throw new IOException($"Unknown step status: {answer}"),
        };
    }

    private async Task ReportAsync(EmrSubmission submission, CancellationToken cancellationToken)
    {
        context.Log.Error($"EMR job failed: {submission.Cluster}");
        foreach (var ids in submission.Steps.Chunk(IdsPerCall))
        {
            var query = ConfigMap.Of(("ClusterId", submission.Cluster), ("StepIds", new ConfigList(ids.Select(ConfigValue.FromString))));
            var steps = await PagesAsync("ListSteps", query, "Steps", PagesToSearch, cancellationToken).ConfigureAwait(false);
            foreach (var step in steps.OrderBy(s => IndexOf(submission, s)))
            {
                var status = step.GetMapOrEmpty("Status");
                var failure = status.GetMapOrEmpty("FailureDetails");
                context.Log.Error(
                    $"EMR step {PositionOf(submission, step)}: {step.GetString("Id")}: state: {status.GetStringOrNull("State")}, "
                    + $"reason: {status.GetMapOrEmpty("StateChangeReason")}, details: {failure}");
            }
        }
    }

    private static int IndexOf(EmrSubmission submission, ConfigMap step) => submission.Steps.ToList().IndexOf(step.GetString("Id"));

    private static string PositionOf(EmrSubmission submission, ConfigMap step) => IndexOf(submission, step) is >= 0 and var index
        ? Text($"{index + 1}/{submission.Steps.Count}")
        : "?";

    private static string Text(ref DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);

    private async Task<OperatorOutcome> RetryingAsync(string key, Func<Task<OperatorOutcome>> operation)
    {
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (Exception e) when (AwsFailure.MayPass(e))
        {
            return new PollingRetry(key, 30, 300).Again(request, context.Log, $"Operation failed: {e.Message}");
        }
    }
}
