using System.Globalization;
using System.Text.Json;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Client;

/// <summary>
/// The REST API of a Digdag, Treasure Data Workflow or wf server. Every call fails with <see cref="ServerAnswerException"/> when
/// the server refuses, with <see cref="ServerUnreachableException"/> when no answer comes, and with
/// <see cref="InvalidAnswerException"/> when the answer is not what the API promises. Digdag behaviour: rest-api 7, 11, 12.
/// </summary>
public sealed class WorkflowClient : IDisposable
{
    private readonly ClientSettings _settings;
    private readonly HttpTransport _http;

    /// <summary>Prepares requests; nothing is sent yet.</summary>
    /// <param name="settings">How to reach the server.</param>
    public WorkflowClient(ClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _http = new HttpTransport(settings);
    }

    /// <summary>The server's version; null when it does not tell.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The version.</returns>
    public async Task<string?> GetVersionAsync(CancellationToken cancellationToken) =>
        (await _http.GetJsonAsync("api/version", cancellationToken).ConfigureAwait(false)).TextOrNull("version");

    /// <summary>Asks the server about this client's version.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer; null from servers that are too old to be asked.</returns>
    public async Task<VersionAnswer?> CheckVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.GetJsonAsync(
                new QueryText("api/version/check").And("client", DigdagVersion.Compatible).ToString(), cancellationToken).ConfigureAwait(false);
            return new VersionAnswer(answer.Text("serverVersion"), answer.Flag("upgradeRecommended"), answer.Flag("apiCompatible"));
        }
        catch (ServerAnswerException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Lists projects, ids ascending.</summary>
    /// <param name="count">The most to list.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="namePattern">Part of the names; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The projects.</returns>
    public Task<IReadOnlyList<ProjectInfo>> ListProjectsAsync(
        int? count, long? lastId, string? namePattern, CancellationToken cancellationToken) => ListAsync(
        new QueryText("api/projects").And("count", count).And("last_id", lastId).And("name_pattern", namePattern),
        "projects",
        ProjectInfo.Read,
        cancellationToken);

    /// <summary>Finds a project by name.</summary>
    /// <param name="name">Its exact name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The project or null.</returns>
    public async Task<ProjectInfo?> FindProjectAsync(string name, CancellationToken cancellationToken)
    {
        var found = await ListAsync(new QueryText("api/projects").And("name", name), "projects", ProjectInfo.Read, cancellationToken)
            .ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Pushes an archive as a new revision.</summary>
    /// <param name="request">The project, the revision and what happens to schedules.</param>
    /// <param name="archive">The archive, which can seek; read from its position on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The project.</returns>
    public async Task<ProjectInfo> PushAsync(PushRequest request, Stream archive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = new QueryText("api/projects")
            .And("project", request.Project)
            .And("revision", request.Revision)
            .And("schedule_from", request.ScheduleFrom);
        foreach (var workflow in request.ClearSchedules)
        {
            path.And("clear_schedule", workflow);
        }

        path.And("clear_schedule_all", request.ClearsAllSchedules ? "true" : null);
        path.And("skip_schedule", request.SkipSchedule switch { true => "true", false => "false", null => null });
        try
        {
            return ProjectInfo.Read(await _http.UploadAsync(path.ToString(), archive, "application/gzip", cancellationToken).ConfigureAwait(false));
        }
        catch (ServerAnswerException e) when (e is { Status: 409, IsRepeat: true } && request.HasRevisionOfItsOwn)
        {
            // Nobody else knows that name: the try whose answer was lost has done it.
            return await FindProjectAsync(request.Project, cancellationToken).ConfigureAwait(false) ?? throw new InvalidAnswerException("the pushed project is not there");
        }
    }

    /// <summary>Deletes a project.</summary>
    /// <param name="id">The project.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is deleted.</returns>
    public Task DeleteProjectAsync(long id, CancellationToken cancellationToken) => DeleteAsync(Path("projects", id), cancellationToken);

    /// <summary>Lists the revisions of a project, newest first, page after page.</summary>
    /// <param name="project">The project.</param>
    /// <param name="most">The most to list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The revisions.</returns>
    public async Task<IReadOnlyList<RevisionInfo>> ListRevisionsAsync(long project, int most, CancellationToken cancellationToken)
    {
        var revisions = new List<RevisionInfo>();
        var path = new QueryText(Path("projects", project, "revisions"));
        while (true)
        {
            var answer = await _http.GetJsonAsync(path.ToString(), cancellationToken).ConfigureAwait(false);
            var page = answer.List("revisions", RevisionInfo.Read);
            revisions.AddRange(page);
            if (page.Count == 0 || revisions.Count >= most || answer.ObjectOrEmpty("pagination").TextOrNull("nextPage") is not { } next)
            {
                return revisions.Count > most ? revisions.GetRange(0, most) : revisions;
            }

            path = new QueryText(Path("projects", project, "revisions")).And("page[after]", next);
        }
    }

    /// <summary>Reads the archive of a revision.</summary>
    /// <param name="project">The project.</param>
    /// <param name="revision">Name of the revision; null for the latest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The gzip bytes; to be disposed.</returns>
    public Task<Stream> GetArchiveAsync(long project, string? revision, CancellationToken cancellationToken) => _http.GetGzipAsync(
        new QueryText(Path("projects", project, "archive")).And("revision", revision).And("direct_download", DirectDownload).ToString(),
        cancellationToken);

    /// <summary>Lists workflows of all projects.</summary>
    /// <param name="count">The most to list.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="order"><c>asc</c> or <c>desc</c>.</param>
    /// <param name="namePattern">Part of the names; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The workflows.</returns>
    public Task<IReadOnlyList<WorkflowInfo>> ListWorkflowsAsync(
        int? count, long? lastId, string order, string? namePattern, CancellationToken cancellationToken) => ListAsync(
        new QueryText("api/workflows").And("count", count).And("order", order).And("last_id", lastId).And("name_pattern", namePattern),
        "workflows",
        WorkflowInfo.Read,
        cancellationToken);

    /// <summary>Lists the workflows of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="revision">Name of the revision; null for the latest.</param>
    /// <param name="name">Only the one of this name; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The workflows.</returns>
    public Task<IReadOnlyList<WorkflowInfo>> ListWorkflowsAsync(
        long project, string? revision, string? name, CancellationToken cancellationToken) => ListAsync(
        new QueryText(Path("projects", project, "workflows")).And("revision", revision).And("name", name),
        "workflows",
        WorkflowInfo.Read,
        cancellationToken);

    /// <summary>Turns a time into a session time of a workflow.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="time">ISO time with offset, or ISO local time in the workflow's zone.</param>
    /// <param name="mode">How to cut it: <c>hour</c>, <c>day</c>, …; null for not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session time in ISO form, as the server writes it.</returns>
    public async Task<string> TruncateSessionTimeAsync(long workflow, string time, string? mode, CancellationToken cancellationToken) =>
        (await _http.GetJsonAsync(
            new QueryText(Path("workflows", workflow, "truncated_session_time")).And("session_time", time).And("mode", mode).ToString(),
            cancellationToken).ConfigureAwait(false)).Text("sessionTime");

    /// <summary>
    /// Starts an attempt. When no answer comes it is asked again: a server never starts two attempts of one name for one session time,
    /// so the second request can only start what the first one did not.
    /// </summary>
    /// <param name="start">What to start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempt.</returns>
    public async Task<AttemptView> StartAsync(AttemptStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        var body = ConfigMap.Of(
            ("workflowId", Text(start.WorkflowId)),
            ("sessionTime", start.SessionTime),
            ("retryAttemptName", start.RetryAttemptName is { } name ? name : ConfigNull.Instance),
            ("resume", (ConfigValue?)start.Resume ?? ConfigNull.Instance),
            ("params", start.Params));
        body = start.AllowQueueing is { } allow ? body.With("allowQueueing", allow) : body;
        try
        {
            return AttemptView.Read(
                await _http.SendAsync(HttpMethod.Put, "api/attempts", () => HttpTransport.Json(body), mayRepeat: true, cancellationToken).ConfigureAwait(false));
        }
        catch (ServerAnswerException e) when (e is { Status: 409, IsRepeat: true } && start.HasNameOfItsOwn && ExistingAttempt(e) is { } own && own.RetryAttemptName == start.RetryAttemptName)
        {
            // Nobody else knows that name: the try whose answer was lost has started it.
            return own;
        }
    }

    /// <summary>The attempt that a refused start names as the one that exists already.</summary>
    /// <param name="refusal">The refusal, with status 409.</param>
    /// <returns>The attempt; null when the server does not show it.</returns>
    public static AttemptView? ExistingAttempt(ServerAnswerException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        try
        {
            return ConfigJson.Parse(refusal.Body) is ConfigMap map ? AttemptView.Read(map) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidAnswerException)
        {
            return null;
        }
    }

    /// <summary>Asks an attempt to stop.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the wish is stored.</returns>
    public async Task KillAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            await _http.SendAsync(HttpMethod.Post, Path("attempts", id, "kill"), static () => HttpTransport.Json(ConfigMap.Empty), mayRepeat: true, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ServerAnswerException e) when (e is { Status: 409, IsRepeat: true })
        {
            // It is being stopped, as was asked for.
            if (!(await GetAttemptAsync(id, cancellationToken).ConfigureAwait(false)).IsCancelRequested)
            {
                throw;
            }
        }
    }

    /// <summary>One attempt.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempt.</returns>
    public async Task<AttemptView> GetAttemptAsync(long id, CancellationToken cancellationToken) =>
        AttemptView.Read(await _http.GetJsonAsync(Path("attempts", id), cancellationToken).ConfigureAwait(false));

    /// <summary>Lists attempts, newest first.</summary>
    /// <param name="session">Only of this session; null for the last attempts of all sessions.</param>
    /// <param name="project">Only of the project of this name; null for all.</param>
    /// <param name="includeRetried">Whether attempts that were retried since are listed too.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="pageSize">The most to list; null for the server's default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempts.</returns>
    public Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(
        long? session, string? project, bool includeRetried, long? lastId, int? pageSize, CancellationToken cancellationToken) => ListAsync(
        new QueryText(session is { } id ? Path("sessions", id, "attempts") : "api/attempts")
            .And("project", project)
            .And("include_retried", includeRetried ? "true" : null)
            .And("last_id", lastId)
            .And("page_size", pageSize),
        "attempts",
        AttemptView.Read,
        cancellationToken);

    /// <summary>Lists the tasks of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tasks, ids ascending.</returns>
    public Task<IReadOnlyList<TaskView>> ListTasksAsync(long attempt, CancellationToken cancellationToken) =>
        ListAsync(new QueryText(Path("attempts", attempt, "tasks")), "tasks", TaskView.Read, cancellationToken);

    /// <summary>One workflow of any revision.</summary>
    /// <param name="id">The workflow.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The workflow.</returns>
    public async Task<WorkflowInfo> GetWorkflowAsync(long id, CancellationToken cancellationToken) =>
        WorkflowInfo.Read(await _http.GetJsonAsync(Path("workflows", id), cancellationToken).ConfigureAwait(false));

    /// <summary>What a server of this program has besides Digdag's API.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The names; empty for other servers.</returns>
    public async Task<IReadOnlyList<string>> ListFeaturesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.GetJsonAsync("api/features", cancellationToken).ConfigureAwait(false);
            return answer["features"] is ConfigList list ? [.. list.Items.OfType<ConfigText>().Select(t => t.Value)] : [];
        }
        catch (Exception e) when (e is ServerAnswerException or InvalidAnswerException)
        {
            return [];
        }
    }

    /// <summary>Whether the server starts workflows after others: a server of this program, which says so.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it takes <c>trigger:</c>.</returns>
    public async Task<bool> KnowsTriggersAsync(CancellationToken cancellationToken) =>
        (await ListFeaturesAsync(cancellationToken).ConfigureAwait(false)).Contains("triggers");

    /// <summary>Sends a request of an API that this class has no method for, such as that of pools.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below the endpoint, each value escaped.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="mayRepeat">Whether the effect is the same however often it is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer's object; empty without one.</returns>
    public Task<ConfigMap> CallAsync(HttpMethod method, string path, ConfigMap? body, bool mayRepeat, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method == HttpMethod.Get
            ? _http.GetJsonAsync(path, cancellationToken)
            : _http.SendAsync(method, path, body is null ? null : () => HttpTransport.Json(body), mayRepeat, cancellationToken);
    }

    /// <summary>One session.</summary>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session.</returns>
    public async Task<SessionView> GetSessionAsync(long id, CancellationToken cancellationToken) =>
        SessionView.Read(await _http.GetJsonAsync(Path("sessions", id), cancellationToken).ConfigureAwait(false));

    /// <summary>Lists sessions, newest first.</summary>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="workflow">Only of this workflow of the project; null for all.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="pageSize">The most to list; null for the server's default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions.</returns>
    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(
        long? project, string? workflow, long? lastId, int? pageSize, CancellationToken cancellationToken) => ListAsync(
        new QueryText(project is { } id ? Path("projects", id, "sessions") : "api/sessions")
            .And("workflow", workflow)
            .And("last_id", lastId)
            .And("page_size", pageSize),
        "sessions",
        SessionView.Read,
        cancellationToken);

    /// <summary>One schedule.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schedule.</returns>
    public async Task<ScheduleView> GetScheduleAsync(long id, CancellationToken cancellationToken) =>
        ScheduleView.Read(await _http.GetJsonAsync(Path("schedules", id), cancellationToken).ConfigureAwait(false));

    /// <summary>Lists one page of schedules.</summary>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="workflow">Only of this workflow of the project; null for all.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schedules, ids ascending.</returns>
    public Task<IReadOnlyList<ScheduleView>> ListSchedulesAsync(
        long? project, string? workflow, long? lastId, CancellationToken cancellationToken) => ListAsync(
        new QueryText(project is { } id ? Path("projects", id, "schedules") : "api/schedules").And("workflow", workflow).And("last_id", lastId),
        "schedules",
        ScheduleView.Read,
        cancellationToken);

    /// <summary>Disables a schedule.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schedule as it is now.</returns>
    public Task<ScheduleView> DisableScheduleAsync(long id, CancellationToken cancellationToken) =>
        PostToScheduleAsync(id, "disable", ConfigMap.Empty, cancellationToken);

    /// <summary>Enables a schedule.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="request">The body: empty, or what to skip first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schedule as it is now.</returns>
    public Task<ScheduleView> EnableScheduleAsync(long id, ConfigMap request, CancellationToken cancellationToken) =>
        PostToScheduleAsync(id, "enable", request, cancellationToken);

    /// <summary>Skips sessions of a schedule.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="request">The body: SkipRequest of rest-api 6.12.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schedule as it is, or would be, then.</returns>
    public Task<ScheduleView> SkipScheduleAsync(long id, ConfigMap request, CancellationToken cancellationToken) =>
        PostToScheduleAsync(id, "skip", request, cancellationToken);

    /// <summary>Starts past sessions of a schedule.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="request">The body: BackfillRequest of rest-api 6.12.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempts, oldest first.</returns>
    public async Task<IReadOnlyList<AttemptView>> BackfillAsync(long id, ConfigMap request, CancellationToken cancellationToken)
    {
        var answer = await _http.SendAsync(
            HttpMethod.Post, Path("schedules", id, "backfill"), () => HttpTransport.Json(request), mayRepeat: false, cancellationToken).ConfigureAwait(false);
        return answer.List("attempts", AttemptView.Read);
    }

    /// <summary>Lists the keys of a project's secrets.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys.</returns>
    public Task<IReadOnlyList<string>> ListSecretsAsync(long project, CancellationToken cancellationToken) =>
        ListAsync(new QueryText(Path("projects", project, "secrets")), "secrets", m => m.Text("key"), cancellationToken);

    /// <summary>Sets a secret.</summary>
    /// <param name="project">The project.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is set.</returns>
    public Task SetSecretAsync(long project, string key, string value, CancellationToken cancellationToken) => _http.SendAsync(
        HttpMethod.Put, SecretPath(project, key), () => HttpTransport.Json(ConfigMap.Of(("value", value))), mayRepeat: true, cancellationToken);

    /// <summary>Deletes a secret.</summary>
    /// <param name="project">The project.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is gone.</returns>
    public Task DeleteSecretAsync(long project, string key, CancellationToken cancellationToken) =>
        DeleteAsync(SecretPath(project, key), cancellationToken);

    /// <summary>Lists the log files of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskPrefix">Beginning of the full names of tasks; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The files.</returns>
    public Task<IReadOnlyList<LogFileView>> ListLogFilesAsync(long attempt, string? taskPrefix, CancellationToken cancellationToken) => ListAsync(
        new QueryText(Path("logs", attempt, "files")).And("task", taskPrefix).And("direct_download", DirectDownload),
        "files",
        LogFileView.Read,
        cancellationToken);

    /// <summary>Reads a log file.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The gzip bytes, which may end early while the task runs; to be disposed.</returns>
    public Task<Stream> GetLogFileAsync(long attempt, LogFileView file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Direct is { } url
            ? _http.GetDirectAsync(url, cancellationToken)
            : _http.GetGzipAsync(Path("logs", attempt, "files") + "/" + Uri.EscapeDataString(file.FileName), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string? DirectDownload => _settings.DisablesDirectDownload ? "false" : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Path(string collection, long id, string? rest = null) =>
        $"api/{collection}/{Text(id)}{(rest is null ? string.Empty : "/" + rest)}";

    private static string SecretPath(long project, string key) => Path("projects", project, "secrets") + "/" + Uri.EscapeDataString(key);

    private async Task<IReadOnlyList<T>> ListAsync<T>(QueryText path, string key, Func<ConfigMap, T> read, CancellationToken cancellationToken) =>
        (await _http.GetJsonAsync(path.ToString(), cancellationToken).ConfigureAwait(false)).List(key, read);

    // A second try finds nothing to delete when the first one, whose answer was lost, has done it.
    private async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await _http.SendAsync(HttpMethod.Delete, path, null, mayRepeat: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerAnswerException e) when (e is { Status: 404, IsRepeat: true })
        {
            // It is gone, as was asked for.
        }
    }

    // To enable, to disable and to skip to a time can be said twice; to skip a number of sessions cannot.
    private async Task<ScheduleView> PostToScheduleAsync(long id, string action, ConfigMap request, CancellationToken cancellationToken) =>
        ScheduleView.Read(await _http.SendAsync(
            HttpMethod.Post,
            Path("schedules", id, action),
            () => HttpTransport.Json(request),
            mayRepeat: action != "skip" || request["count"] is null or ConfigNull,
            cancellationToken).ConfigureAwait(false));
}
