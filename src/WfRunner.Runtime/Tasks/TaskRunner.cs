using System.Runtime.CompilerServices;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Engine;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;
using WfRunner.Core.Parameters;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;
using WfRunner.Core.Templates;
using WfRunner.Operators.Plugins;

namespace WfRunner.Runtime.Tasks;

/// <summary>
/// Runs single tasks. The life of one: wait for a worker, open the log, skip what need not run, open the workspace, merge and
/// evaluate the parameters, find the operator, call it, turn its outcome into an event. Digdag behaviour: engine 7,
/// operators-core 2.
/// </summary>
public sealed class TaskRunner : ITaskRunner
{
    private static readonly Duration LongRunning = Duration.FromMinutes(30);

    private readonly OperatorRegistry _operators;
    private readonly PluginOperators _plugins = PluginOperators.OfProcess();
    private readonly TemplateEvaluator _templates;
    private readonly ITaskEnvironment _environment;
    private readonly IClock _clock;
    private readonly WorkerLimit _workers;
    private readonly TaskRunMode _mode;

    // What one task of an attempt has read, no other task of it may say.
    private readonly ConditionalWeakTable<AttemptInfo, SecretMask> _masks = [];

    /// <summary>Sets a runner up.</summary>
    /// <param name="operators">All operators.</param>
    /// <param name="templates">Evaluates templates.</param>
    /// <param name="environment">Files, logs and secrets.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="workers">How many tasks may run at once.</param>
    /// <param name="mode">Whether operators are called at all, and whether parameters are shown first.</param>
    public TaskRunner(
        OperatorRegistry operators,
        TemplateEvaluator templates,
        ITaskEnvironment environment,
        IClock clock,
        WorkerLimit workers,
        TaskRunMode mode = TaskRunMode.Normal)
    {
        _mode = mode;
        _operators = operators;
        _templates = templates;
        _environment = environment;
        _clock = clock;
        _workers = workers;
    }

    /// <inheritdoc/>
    public async Task<AttemptEvent> RunAsync(
        AttemptInfo attempt, TaskRecord task, ConfigMap parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(task);

        // Also a cancelled task waits for its turn: its clean-up is work too.
        await _workers.TakeAsync().ConfigureAwait(false);
        try
        {
            var mask = _masks.GetValue(attempt, static _ => new SecretMask());
            var output = new SpokenOutput(_environment.OpenOutput(attempt, task), mask);
            await using (output.ConfigureAwait(false))
            {
                return await RunWithLogAsync(new Call(attempt, task, parameters, output, mask), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WorkflowException)
        {
            return new AttemptEvent.TaskFailed(_clock.GetCurrentInstant(), task.Id, TaskError.Of(e));
        }
        finally
        {
            _workers.GiveBack();
        }
    }

    // Whatever an operator throws is a failed task; an operator must not be able to end the whole attempt.
    private async Task<AttemptEvent> RunWithLogAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            if (_environment.ResultOfSkipped(call.Task) is { } known)
            {
                call.Log.Warn("Skipped");
                return Succeeded(call, known);
            }

            // The clean-up of a killed task needs its files too, and comes when its token is cancelled already.
            var opening = call.Task.IsCancelRequested ? CancellationToken.None : cancellationToken;
            var workspace = await _environment.OpenWorkspaceAsync(call.Attempt, call.Task, UsesProject(call.Task), opening)
                .ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                return await CallOperatorAsync(call, workspace.ProjectDirectory, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            LogFailure(call, e, cancellationToken.IsCancellationRequested);
            return Failed(call, e);
        }
    }

    // Asked before anything is evaluated, so only what the task itself says counts; in doubt it does.
    private bool UsesProject(TaskRecord task) =>
        task.LocalConfig.Has("_type")
        || task.LocalConfig.Keys.FirstOrDefault(TaskKeys.IsOperator) is not { } key
        || !_operators.TryFind(key[..^1], out var found)
        || found.Description.UsesProject;

    private async Task<AttemptEvent> CallOperatorAsync(Call call, string projectDirectory, CancellationToken cancellationToken)
    {
        var runtime = RuntimeParameters.Build(call.Attempt, call.Task.FullName, call.Parameters);
        var evaluated = TaskParameters.Evaluate(
            _templates, call.Parameters, runtime, call.Task.LocalConfig, RuntimeParameters.ExtraNames(call.Attempt));
        if (evaluated.Type is null)
        {
            return Succeeded(call, TaskResult.Empty);
        }

        LogCall(call, evaluated.Line);
        if ((_mode & TaskRunMode.ShowParameters) != 0)
        {
            call.Log.Warn("\n" + Indent(YamlWriter.Write(evaluated.Config)));
        }

        if ((_mode & TaskRunMode.DryRun) != 0)
        {
            return Succeeded(call, TaskResult.Empty);
        }

        if (!_operators.TryFind(evaluated.Type, out var found)
            && !(PluginOperators.AreEnabled(_environment.SystemConfig) && _plugins.TryFind(evaluated.Type, projectDirectory, out found)))
        {
            throw new ConfigException(UnknownType(evaluated), call.Task.LocalConfig.KeySpan(evaluated.Type + ">"));
        }

        var request = new OperatorRequest
        {
            Attempt = call.Attempt,
            TaskId = call.Task.Id,
            TaskName = call.Task.FullName,
            Config = evaluated.Config.Without("_secrets"),
            LocalConfig = evaluated.LocalConfig,
            StateParams = TaskTimeout.Without(call.Task.StateParams).Without(AttemptMachine.DeadlineKey),
            RetryCount = call.Task.RetryCount,
            StartedAt = call.Task.StartedAt,
        };
        var context = new OperatorContext(
            projectDirectory,
            call.Output,
            new MountedSecrets(
                new WatchedSecrets(_environment.SecretsOf(call.Attempt), call.Mask), evaluated.Config.GetMapOrEmpty("_secrets")),
            _templates,
            _clock,
            _environment);
        if (call.Task.IsCancelRequested)
        {
            await found.CleanUpAsync(request, context, CancellationToken.None).ConfigureAwait(false);
            throw new TaskFailedException($"Got a cancel-requested: attempt_id={call.Attempt.AttemptId}, task_id={call.Task.Id}");
        }

        var what = await RunWithRetriesAsync(call, found, request, context, cancellationToken).ConfigureAwait(false);
        if (what is AttemptEvent.TaskSucceeded)
        {
            ReportUnusedKeys(call, found.Description);
        }

        return what;
    }

    private async Task<AttemptEvent> RunWithRetriesAsync(
        Call call, IOperator found, OperatorRequest request, OperatorContext context, CancellationToken cancellationToken)
    {
        // An invalid _retry fails the task before the operator runs.
        var policy = found.Description.RetriesOwnFailure ? RetryPolicy.Of(request.Config) : null;
        try
        {
            return await RunInTimeAsync(call, found, request, context, cancellationToken).ConfigureAwait(false) switch
            {
                OperatorOutcome.Succeeded s => Succeeded(call, s.Result),
                OperatorOutcome.Polling p => Retry(call, p.Interval, p.StateParams),
                var unknown => throw new InvalidOperationException($"unknown outcome {unknown}"),
            };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && policy?.Next(request.StateParams.Without("commandStatus")) is (var pause, var state))
        {
            call.Log.Error("Task failed, retrying\n" + FailureText.Describe(e));
            return Retry(call, pause, state);
        }
    }

    private async Task<OperatorOutcome> RunInTimeAsync(
        Call call, IOperator found, OperatorRequest request, OperatorContext context, CancellationToken cancellationToken)
    {
        if (TaskTimeout.Of(request.Config, call.Task.StateParams, _clock.GetCurrentInstant()) is not { } timeout)
        {
            return await found.RunAsync(request, context, cancellationToken).ConfigureAwait(false);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = timeout.Left(_clock.GetCurrentInstant());
        limit.CancelAfter(TimeSpan.FromMilliseconds(Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue - 1)));
        try
        {
            limit.Token.ThrowIfCancellationRequested();
            var outcome = await found.RunAsync(request, context, limit.Token).ConfigureAwait(false);
            return outcome is OperatorOutcome.Polling polling ? timeout.Bound(polling, _clock.GetCurrentInstant()) : outcome;
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await found.CleanUpAsync(request, context, cancellationToken).ConfigureAwait(false);
            throw timeout.Failure();
        }
    }

    private static string Indent(string lines) => string.Concat(lines.TrimEnd('\n').Split('\n').Select(l => $"  {l}\n"));

    private AttemptEvent.TaskSucceeded Succeeded(Call call, TaskResult result) =>
        new(_clock.GetCurrentInstant(), call.Task.Id, result);

    private AttemptEvent.TaskFailed Failed(Call call, Exception e) =>
        new(_clock.GetCurrentInstant(), call.Task.Id, TaskError.Of(e, call.Mask, call.Output.LastLines));

    private AttemptEvent.TaskToRetry Retry(Call call, Duration pause, ConfigMap state) =>
        new(_clock.GetCurrentInstant(), call.Task.Id, pause, state);

    private void LogCall(Call call, string line)
    {
        var task = call.Task;
        var isNews = task.RetryCount == 0
            || (task.RetryCount % 10 == 0 && task.StartedAt is { } started && _clock.GetCurrentInstant() - started > LongRunning);
        if (isNews)
        {
            call.Log.Info(line);
        }
        else
        {
            call.Log.Debug($"(retry: {task.RetryCount}) {line}");
        }
    }

    private static string UnknownType(TaskParameters evaluated)
    {
        var message = $"Unknown task type: {evaluated.Type}";
        if (HostedService.Known.HostedOnly.ContainsKey(evaluated.Type!))
        {
            return $"{message}\n{evaluated.Type}> is an operator of Treasure Data's hosted service only (hosted only: push the project there to run it)";
        }

        return evaluated.Config["plugin"] is ConfigMap plugin && plugin.Has("dependencies")
            ? $"{message}\nPlugins named in plugin.dependencies are Java programs and are not supported; an executable {PluginOperators.Prefix}{evaluated.Type} can take the place of one"
            : message;
    }

    private static void ReportUnusedKeys(Call call, OperatorDescription description)
    {
        if (!description.ReportsUnusedKeys)
        {
            return;
        }

        var known = description.Parameters.Select(p => p.Name).ToList();
        foreach (var key in call.Task.LocalConfig.Keys)
        {
            if (TaskKeys.IsOperator(key) || key is "_type" or "_command" or "_check" or "_error" or "_env" or "_secrets" or "_timeout" || known.Contains(key))
            {
                continue;
            }

            call.Log.Error($"Parameter '{key}' is not used at task {call.Task.FullName}.");
            if (EditDistance.Suggest(key, known) is { Count: > 0 } near)
            {
                call.Log.Error($"  > Did you mean [{string.Join(", ", near)}]?");
            }
        }
    }

    private static void LogFailure(Call call, Exception e, bool cancelled)
    {
        var name = call.Task.FullName;
        var text = FailureText.Describe(e);
        if (cancelled || call.Task.IsCancelRequested)
        {
            call.Log.Warn($"Task {name} is canceled.");
        }
        else if (e is TaskFailedException)
        {
            call.Log.Error($"Task {name} failed.\n{text}");
        }
        else if (e is ConfigException { Span: var span })
        {
            call.Log.Error($"Configuration error at task {name}: {text}{(span is null ? string.Empty : $"\n  at {span}")}");
        }
        else
        {
            call.Log.Error($"Task failed with unexpected error: {e.Message}");
            call.Log.Debug(e.ToString());
        }
    }

    private sealed record Call(AttemptInfo Attempt, TaskRecord Task, ConfigMap Parameters, SpokenOutput Output, SecretMask Mask)
    {
        public ITaskLog Log => Output.Log;
    }

    private sealed class OperatorContext(
        string projectDirectory,
        ITaskOutput output,
        ISecretProvider secrets,
        TemplateEvaluator templates,
        IClock clock,
        ITaskEnvironment environment) : IOperatorContext
    {
        public string ProjectDirectory => projectDirectory;

        public ITaskLog Log => output.Log;

        public Stream Output => output.Output;

        public ISecretProvider Secrets => secrets;

        public TemplateEvaluator Templates => templates;

        public IClock Clock => clock;

        public IReadOnlyDictionary<string, string> SystemConfig => environment.SystemConfig;

        public IWorkflowStarter Workflows => environment.Workflows;

        public int MaximumTasks => environment.MaximumTasks;
    }
}
