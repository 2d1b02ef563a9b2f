using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Projects;
using WfRunner.Server.Loops;
using WfRunner.Server.Projects;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.LocalProjects;

/// <summary>
/// Makes the files of a local project revisions of it: at the start, and whenever they have changed. Digdag behaviour: cli-local 11,
/// server 25. Better than Digdag: a change is seen at once instead of within five seconds, and a database that is kept goes on with
/// its revisions and schedules.
/// </summary>
internal sealed class LocalProjectReloader : IAsyncDisposable
{
    private const int SiteId = 0;
    private const string FingerprintKey = "fingerprint";

    // Events tell of workflow files only, and not on every file system.
    private static readonly Duration Interval = Duration.FromSeconds(5);

    private readonly LocalProject _project;
    private readonly IProjectStore _store;
    private readonly ProjectPush _push;
    private readonly ScheduleLoop _schedules;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly LogOutput _log;
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private FileSystemWatcher? _watcher;
    private Task _loop = Task.CompletedTask;
    private string? _fingerprint;
    private string? _lastFailure;

    public LocalProjectReloader(
        LocalProject project, IProjectStore store, ProjectPush push, ScheduleLoop schedules, IClock clock, TimeProvider timers, LogOutput log)
    {
        _project = project;
        _store = store;
        _push = push;
        _schedules = schedules;
        _clock = clock;
        _timers = timers;
        _log = log;
    }

    /// <summary>Loads the project and begins to watch it.</summary>
    /// <exception cref="WorkflowException">A workflow or a schedule is wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(isFirst: true, cancellationToken).ConfigureAwait(false);
        _watcher = new FileSystemWatcher(_project.Directory, "*.dig");
        _watcher.Changed += (_, _) => _wakeup.Signal();
        _watcher.Created += (_, _) => _wakeup.Signal();
        _watcher.Deleted += (_, _) => _wakeup.Signal();
        _watcher.Renamed += (_, _) => _wakeup.Signal();
        try
        {
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            // The system has no watches left; looking every few seconds does.
        }

        _loop = WatchAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watcher?.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wakeup.WaitAsync(_clock.GetCurrentInstant() + Interval, _clock, _timers, cancellationToken).ConfigureAwait(false);
            try
            {
                await LoadAsync(isFirst: false, cancellationToken).ConfigureAwait(false);
                _lastFailure = null;
            }
            catch (Exception e) when (e is WorkflowException or IOException or UnauthorizedAccessException)
            {
                // Said once, however long the mistake stays.
                var failure = FailureText.Describe(e);
                if (failure != _lastFailure)
                {
                    _lastFailure = failure;
                    _log.WriteMain(TaskLogLevel.Error, "Failed to reload\n" + failure);
                }
            }
        }
    }

    private async Task LoadAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var loaded = ProjectLoader.Load(_project.Directory, _push.Dialect);
        loaded.ThrowIfBroken();
        var fingerprint = FingerprintOf(loaded.Workflows);
        if (isFirst)
        {
            var kept = await _store.FindAsync(SiteId, LocalProject.Name, cancellationToken).ConfigureAwait(false);
            _project.Id = kept?.Id;
            _fingerprint = await KeptFingerprintAsync(kept, cancellationToken).ConfigureAwait(false);
        }
        else if (fingerprint != _fingerprint)
        {
            _log.WriteMain(TaskLogLevel.Info, $"Reloading {_project.Directory}");
        }

        if (fingerprint == _fingerprint)
        {
            return;
        }

        var name = await NextRevisionAsync(cancellationToken).ConfigureAwait(false);
        var request = new PushRequest
        {
            SiteId = SiteId,
            ProjectName = LocalProject.Name,
            Revision = name,
            ScheduleFrom = _clock.GetCurrentInstant(),
        };
        var archive = await DefinitionArchive.PackAsync(_project.Directory, cancellationToken).ConfigureAwait(false);
        var (stored, warnings) = await _push.StoreAsync(
            request, loaded.Workflows, archive, ConfigMap.Of((FingerprintKey, fingerprint)), cancellationToken).ConfigureAwait(false);
        (_project.Id, _fingerprint) = (stored.Id, fingerprint);
        _schedules.Wake();
        foreach (var warning in warnings)
        {
            _log.WriteMain(TaskLogLevel.Warn, warning);
        }

        _log.WriteMain(TaskLogLevel.Info, $"Added new revision {name}");
    }

    private async Task<string?> KeptFingerprintAsync(StoredProject? kept, CancellationToken cancellationToken)
    {
        if (kept is null)
        {
            return null;
        }

        var revisions = await _store.ListRevisionsAsync(kept.Id, null, 1, cancellationToken).ConfigureAwait(false);
        return revisions is [var latest] && latest.UserInfo.GetStringOr(FingerprintKey, string.Empty) is { Length: > 0 } fingerprint ? fingerprint : null;
    }

    // 1, 2, 3... on, past names that somebody has pushed.
    private async Task<string> NextRevisionAsync(CancellationToken cancellationToken)
    {
        if (_project.Id is not { } id)
        {
            return "1";
        }

        var last = await _store.ListRevisionsAsync(id, null, 1, cancellationToken).ConfigureAwait(false) is [var latest, ..] ? latest.Name : null;
        var number = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known + 1 : 1;
        while (await _store.FindRevisionAsync(id, number.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false) is not null)
        {
            number++;
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    // Of what the files mean, includes among it: who only mends a comment gets no new revision.
    private static string FingerprintOf(IReadOnlyList<WorkflowDefinition> workflows)
    {
        var text = new StringBuilder();
        foreach (var workflow in workflows)
        {
            text.Append(workflow.Name).Append('\0').Append(workflow.TimeZone.Id).Append('\0');
            ConfigJson.Append(text, workflow.Config);
            text.Append('\0');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
