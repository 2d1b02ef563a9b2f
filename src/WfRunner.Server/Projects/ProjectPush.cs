using System.Security.Cryptography;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Projects;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Projects;

/// <summary>What a client wants to push.</summary>
internal sealed record PushRequest
{
    public required int SiteId { get; init; }

    public required string ProjectName { get; init; }

    public required string Revision { get; init; }

    /// <summary>From when on schedules run that never ran.</summary>
    public required Instant ScheduleFrom { get; init; }

    /// <summary>Workflows whose schedules start anew.</summary>
    public IReadOnlyCollection<string> ClearSchedules { get; init; } = [];

    /// <summary>Whether all of them do.</summary>
    public bool ClearsAllSchedules { get; init; }

    /// <summary>Announced size of the upload; null when the client did not tell.</summary>
    public long? AnnouncedSize { get; init; }
}

/// <summary>
/// Takes a project in: unpack within the limits, load, compile, plan the schedules, store. Nothing is kept of a project that is
/// refused. Digdag behaviour: rest-api 7.3.2.
/// </summary>
internal sealed class ProjectPush(
    IProjectStore store, ProjectArchives archives, DialectRules dialect, long maximumSize, string temporaryDirectory, IClock clock)
{
    private const int MaximumNameLength = 255;

    /// <summary>What may stand at the top of workflow files.</summary>
    public DialectRules Dialect => dialect;

    /// <summary>Takes a project in.</summary>
    /// <exception cref="WorkflowException">It is refused; the message tells why.</exception>
    public async Task<PushedProject> PushAsync(PushRequest request, Stream body, CancellationToken cancellationToken)
    {
        using var upload = await UploadedProject.ReceiveAsync(body, maximumSize, temporaryDirectory, cancellationToken).ConfigureAwait(false);
        var definitions = Load(upload.Folder);
        if (request.AnnouncedSize is { } size && size != upload.Archive.Length)
        {
            throw new WorkflowException(FailureKind.IllegalArgument, "Content-Length header doesn't match with uploaded data size");
        }

        return await StoreAsync(request, definitions, upload.Archive, ConfigMap.Empty, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores a revision whose workflows are loaded: compile, plan the schedules, store.</summary>
    /// <param name="request">What it is called.</param>
    /// <param name="definitions">Its workflows.</param>
    /// <param name="archive">What clients get when they ask for its files.</param>
    /// <param name="userInfo">What is known of whoever pushes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WorkflowException">It is refused; the message tells why.</exception>
    public async Task<PushedProject> StoreAsync(
        PushRequest request,
        IReadOnlyList<WorkflowDefinition> definitions,
        ReadOnlyMemory<byte> archive,
        ConfigMap userInfo,
        CancellationToken cancellationToken)
    {
        var workflows = Plan(request, definitions);
        CheckNames(request);
        var project = await archives.PushAsync(
            new NewRevision
            {
                SiteId = request.SiteId,
                ProjectName = request.ProjectName,
                Name = request.Revision,
                Archive = archive,
#pragma warning disable CA5351 // MD5 tells clients whether a download is complete; Digdag's API has no other sum.
                ArchiveMd5 = MD5.HashData(archive.Span),
#pragma warning restore CA5351
                UserInfo = userInfo,
                Now = clock.GetCurrentInstant(),
                Workflows = workflows,
            },
            cancellationToken).ConfigureAwait(false);
        return new PushedProject(project, await WarningsOfAsync(request.SiteId, definitions, cancellationToken).ConfigureAwait(false));
    }

    // A workflow that is waited for may come with a later push of its project, so this is no reason to refuse.
    private async Task<IReadOnlyList<string>> WarningsOfAsync(
        int siteId, IReadOnlyList<WorkflowDefinition> definitions, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        foreach (var definition in definitions)
        {
            if (definition.Trigger is { } trigger
                && await store.FindAsync(siteId, trigger.ProjectName, cancellationToken).ConfigureAwait(false) is { } upstream
                && await store.ListWorkflowsAsync(upstream.LatestRevision.Id, trigger.WorkflowName, cancellationToken).ConfigureAwait(false) is [])
            {
                warnings.Add(
                    $"The trigger of workflow {definition.Name} waits for workflow {trigger.WorkflowName}, which project {trigger.ProjectName} does not have yet");
            }
        }

        return warnings;
    }

    private List<WorkflowDefinition> Load(string folder)
    {
        var files = new ProjectFiles(folder);
        var definitions = new List<WorkflowDefinition>();
        var problems = new List<string>();
        foreach (var path in ProjectLoader.WorkflowFiles(folder))
        {
            var name = Path.GetFileName(path);
            try
            {
                definitions.Add(DigFile.ReadWorkflow(files, path, DigFile.WorkflowName(name), dialect));
            }
            catch (WorkflowException e)
            {
                // Where it was unpacked is nobody's business.
                problems.Add($"workflow {name} {e.Message.Replace(folder + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal)}");
            }
        }

        return problems.Count == 0
            ? definitions
            : throw new WorkflowException(FailureKind.ModelValidation, string.Join('\n', problems.Prepend("Validating project failed")));
    }

    private static List<NewWorkflow> Plan(PushRequest request, IReadOnlyList<WorkflowDefinition> definitions)
    {
        foreach (var name in request.ClearSchedules)
        {
            if (!definitions.Any(d => d.Name == name))
            {
                throw new WorkflowException(FailureKind.IllegalArgument, $"{name} does not exist");
            }
        }

        foreach (var definition in definitions)
        {
            WorkflowCompiler.Compile(definition);
        }

        return [.. definitions.Select(d => Plan(request, d))];
    }

    private static NewWorkflow Plan(PushRequest request, WorkflowDefinition definition)
    {
        var scheduler = SchedulerFactory.Create(definition.Config, definition.TimeZone);
        if (scheduler is null)
        {
            return new NewWorkflow(definition);
        }

        if (SchedulerFactory.DescribeUnusedKeys(definition.Config) is { } unused)
        {
            throw new ConfigException(unused);
        }

        return new NewWorkflow(
            definition,
            last => (last is { } time ? scheduler.NextScheduleTime(time) : scheduler.FirstScheduleTime(request.ScheduleFrom)) ?? EndOfTime.Entry,
            request.ClearsAllSchedules || request.ClearSchedules.Contains(definition.Name));
    }

    private static void CheckNames(PushRequest request)
    {
        var problems = NameRules.CheckWorkflowName(request.ProjectName).ToList();
        if (problems.Count > 0)
        {
            throw new WorkflowException(FailureKind.ModelValidation, string.Join('\n', problems.Prepend("Validating project failed")));
        }

        if (request.Revision.Length > MaximumNameLength)
        {
            throw new WorkflowException(
                FailureKind.ModelValidation,
                $"Validating revision failed\nname must not be longer than {MaximumNameLength} characters: \"{request.Revision}\"");
        }
    }
}
