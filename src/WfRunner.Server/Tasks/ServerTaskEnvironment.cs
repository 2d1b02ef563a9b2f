using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Events;
using WfRunner.Server.LocalProjects;
using WfRunner.Server.Loops;
using WfRunner.Server.Metrics;
using WfRunner.Server.Secrets;

namespace WfRunner.Server.Tasks;

/// <summary>What tasks find on a server: a workspace with the revision's files, a log file, the project's secrets.</summary>
internal sealed class ServerTaskEnvironment : ITaskEnvironment
{
    private readonly Workspaces _workspaces;
    private readonly ITaskLogs _logs;
    private readonly SecretVault _secrets;
    private readonly EventHub _events;
    private readonly ServerMeter _meter;
    private readonly LogOutput _serverLog;
    private readonly IClock _clock;
    private readonly DateTimeZone _zone;
    private readonly TimeProvider _timers;
    private readonly LocalProject? _local;
    private readonly ISecretProvider? _localSecrets;
    private readonly WorkerNumbers _workers = new();
    private readonly ConcurrentDictionary<ProjectId, ISecretProvider> _opened = new();

    public ServerTaskEnvironment(
        Workspaces workspaces,
        ITaskLogs logs,
        SecretVault secrets,
        EventHub events,
        ServerMeter meter,
        LogOutput serverLog,
        IClock clock,
        DateTimeZone zone,
        IReadOnlyDictionary<string, string> systemConfig,
        IWorkflowStarter workflows,
        TimeProvider timers,
        LocalProject? local,
        ISecretProvider? localSecrets)
    {
        _timers = timers;
        _local = local;
        _localSecrets = localSecrets;
        Workflows = workflows;
        _workspaces = workspaces;
        _logs = logs;
        _secrets = secrets;
        _events = events;
        _meter = meter;
        _serverLog = serverLog;
        _clock = clock;
        _zone = zone;
        SystemConfig = systemConfig;
        MaximumTasks = TaskLimit.Of(systemConfig);
    }

    public IReadOnlyDictionary<string, string> SystemConfig { get; }

    public int MaximumTasks { get; }

    public IWorkflowStarter Workflows { get; }

    // The workspace is opened before secrets are asked for, and reads them on the way if the task may ask.
    public ISecretProvider SecretsOf(AttemptInfo attempt)
    {
        var opened = _opened.GetValueOrDefault(attempt.ProjectId, NoSecrets.Instance);
        return _local?.Id == attempt.ProjectId && _localSecrets is not null ? new FirstOf(opened, _localSecrets) : opened;
    }

    public ITaskOutput OpenOutput(AttemptInfo attempt, TaskRecord task)
    {
        var name = $"[{attempt.SiteId}:{attempt.ProjectName}:{attempt.SessionId}:{attempt.AttemptId}]{task.FullName}";
        var file = _logs.Open(
            attempt,
            task.FullName,
            bytes =>
            {
                _meter.LogWritten(bytes);
                _events.Publish(new LogAppended(attempt.SiteId, attempt.ProjectId, attempt.AttemptId, task.FullName, bytes));
            });
        _meter.TaskWaited(_clock.GetCurrentInstant() - task.UpdatedAt);
        return new ServerTaskOutput(file, _workers, name, _serverLog, _clock, _zone);
    }

    public async Task<ITaskWorkspace> OpenWorkspaceAsync(
        AttemptInfo attempt, TaskRecord task, bool usesProject, CancellationToken cancellationToken)
    {
        if (!usesProject)
        {
            return _workspaces.Empty;
        }

        _opened[attempt.ProjectId] = await Patience.AskAsync(c => _secrets.OpenAsync(attempt.ProjectId, c), _timers, cancellationToken)
            .ConfigureAwait(false);
        return _local?.WorkspaceOf(attempt)
            ?? await Patience.AskAsync(c => _workspaces.OpenAsync(attempt, task.Id, c), _timers, cancellationToken).ConfigureAwait(false);
    }

    public TaskResult? ResultOfSkipped(TaskRecord task) => null;

    private sealed class NoSecrets : ISecretProvider
    {
        public static readonly ISecretProvider Instance = new NoSecrets();

        public string? Find(string key) => null;
    }

    private sealed class FirstOf(ISecretProvider first, ISecretProvider second) : ISecretProvider
    {
        public string? Find(string key) => first.Find(key) ?? second.Find(key);
    }
}
