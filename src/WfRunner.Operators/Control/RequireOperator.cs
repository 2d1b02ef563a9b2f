using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Operators.Control;

/// <summary>
/// <c>require&gt;</c>: makes sure that another workflow has run for a session, and waits for it. Digdag behaviour: operators-core
/// 6.8; the keys of the state are Digdag's. Better than Digdag: a workflow that requires its own session fails instead of waiting
/// for itself for ever.
/// </summary>
public sealed class RequireOperator : IOperator
{
    private const int LongestPause = 10;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "require",
        "Makes sure that another workflow has run.",
        new OperatorParameter("_command", ParameterType.Text, "Name of the workflow.", Required: true),
        [
            new OperatorParameter("session_time", ParameterType.Text, "Session, as 2016-01-01T00:00:00+00:00 (default: this one)."),
            new OperatorParameter("project_id", ParameterType.Integer, "Another project by id."),
            new OperatorParameter("project_name", ParameterType.Text, "Another project by name."),
            new OperatorParameter("params", ParameterType.Map, "Parameters of the attempt."),
            new OperatorParameter("ignore_failure", ParameterType.Boolean, "Succeeds also when the workflow failed."),
            new OperatorParameter("rerun_on", ParameterType.Text, "When an earlier attempt is repeated: none (default), failed or all."),
            new OperatorParameter("retry_attempt_name", ParameterType.Text, "Name of the attempt, when it is not the session's first."),
        ])
    {
        UsesProject = false,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var state = request.StateParams;
        if (state["task_finish_success"] is ConfigBoolean finished)
        {
            return finished.Value ? OperatorOutcome.Done : throw new TaskFailedException(string.Create(
                CultureInfo.InvariantCulture,
                $"Dependent workflow failed. Session id: {state.GetInt64("target_session_id")}, attempt id: {state.GetInt64("target_attempt_id")}"));
        }

        var rerunOn = RerunOn(request.Config);
        var wish = WishOf(request);
        var attempt = await StartAsync(wish, context, cancellationToken).ConfigureAwait(false);
        if (attempt.AttemptId == request.Attempt.AttemptId)
        {
            throw new TaskFailedException($"Workflow '{wish.WorkflowName}' requires its own session; it would wait for itself for ever");
        }

        return Next(request, attempt, rerunOn);
    }

    private static OperatorOutcome.Polling Next(OperatorRequest request, RequiredAttempt attempt, string rerunOn)
    {
        var state = request.StateParams
            .With("target_session_id", attempt.SessionId.Value)
            .With("target_attempt_id", attempt.AttemptId.Value);
        if (attempt.IsNew)
        {
            return Again(state.With("require_kicked", true));
        }

        if (!attempt.IsDone)
        {
            return Again(state);
        }

        var isOwn = state.GetBooleanOr("require_kicked", false);
        if (!isOwn && (rerunOn == "all" || (rerunOn == "failed" && !attempt.IsSuccess)))
        {
            return Again(state.With("rerun_on_retry_attempt_name", Guid.NewGuid().ToString()));
        }

        // The end is saved before it is acted on, so that the ids stay with the task.
        var succeeds = attempt.IsSuccess || request.Config.GetBooleanOr("ignore_failure", false);
        return new OperatorOutcome.Polling(Duration.FromSeconds(1), state.With("task_finish_success", succeeds));
    }

    private static OperatorOutcome.Polling Again(ConfigMap state)
    {
        var retry = state.GetInt32OrNull("retry") ?? 0;
        var pause = Math.Min(LongestPause, 1 << Math.Clamp(retry, 0, 4));
        return new OperatorOutcome.Polling(Duration.FromSeconds(pause), state.With("retry", retry + 1L));
    }

    private static async Task<RequiredAttempt> StartAsync(WorkflowWish wish, IOperatorContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Workflows.StartAsync(wish, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.ResourceNotFound)
        {
            var project = wish.ProjectName is { } name ? $"projectName: {name}" : string.Create(
                CultureInfo.InvariantCulture, $"projectId: {(wish.ProjectId ?? wish.By.ProjectId).Value}");
            throw new TaskFailedException($"Dependent workflow does not exist. {project}, workflowName:{wish.WorkflowName}", null, e);
        }
        catch (WorkflowException e) when (e.Kind is FailureKind.AttemptLimitExceeded or FailureKind.TaskLimitExceeded)
        {
            throw new TaskFailedException(e.Message, null, e);
        }
    }

    private static WorkflowWish WishOf(OperatorRequest request)
    {
        var local = request.LocalConfig;
        var id = local.GetInt32OrNull("project_id");
        var name = local.GetStringOrNull("project_name");
        return id is not null && name is not null
            ? throw new ConfigException("Both project_id and project_name can't be set", local["project_name"]?.Span)
            : new WorkflowWish
            {
                By = request.Attempt,
                ProjectId = id is { } number ? new ProjectId(number) : null,
                ProjectName = name,
                WorkflowName = request.Config.GetString("_command"),
                SessionTime = SessionTimeOf(request),
                RetryAttemptName = request.StateParams.GetStringOrNull("rerun_on_retry_attempt_name") ?? local.GetStringOrNull("retry_attempt_name"),
                Params = request.Config.GetMapOrEmpty("params"),
            };
    }

    // The session's own time is a parameter too, under the same name: then the text says the same.
    private static Instant SessionTimeOf(OperatorRequest request)
    {
        if (request.Config.GetStringOrNull("session_time") is not { } text)
        {
            return request.Attempt.SessionTime;
        }

        return OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } time
            ? time.Value.ToInstant()
            : throw new ConfigException($"Invalid session_time: {text} (write it as 2016-01-01T00:00:00+00:00)", request.Config["session_time"]!.Span);
    }

    private static string RerunOn(ConfigMap config)
    {
        var given = config.GetStringOr("rerun_on", "none");
        return given is "none" or "failed" or "all"
            ? given
            : throw new ConfigException($"invalid rerun_on option:{given}", config["rerun_on"]?.Span);
    }
}
