using System.Security.Cryptography;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Archives;
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
internal sealed class ProjectPush(ProjectArchives archives, long maximumSize, string temporaryDirectory, IClock clock)
{
    private const int MaximumNameLength = 255;

    /// <summary>Takes a project in.</summary>
    /// <exception cref="WorkflowException">It is refused; the message tells why.</exception>
    public async Task<StoredProject> PushAsync(PushRequest request, Stream body, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(temporaryDirectory, "wf-push-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            using var upload = new MemoryStream();
            await UnpackAsync(body, upload, folder, cancellationToken).ConfigureAwait(false);
            var definitions = Load(folder);
            if (request.AnnouncedSize is { } size && size != upload.Length)
            {
                throw new WorkflowException(FailureKind.IllegalArgument, "Content-Length header doesn't match with uploaded data size");
            }

            var archive = upload.GetBuffer().AsMemory(0, checked((int)upload.Length));
            return await StoreAsync(request, definitions, archive, ConfigMap.Empty, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Stores a revision whose workflows are loaded: compile, plan the schedules, store.</summary>
    /// <param name="request">What it is called.</param>
    /// <param name="definitions">Its workflows.</param>
    /// <param name="archive">What clients get when they ask for its files.</param>
    /// <param name="userInfo">What is known of whoever pushes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WorkflowException">It is refused; the message tells why.</exception>
    public Task<StoredProject> StoreAsync(
        PushRequest request,
        IReadOnlyList<WorkflowDefinition> definitions,
        ReadOnlyMemory<byte> archive,
        ConfigMap userInfo,
        CancellationToken cancellationToken)
    {
        var workflows = Plan(request, definitions);
        CheckNames(request);
        return archives.PushAsync(
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
            cancellationToken);
    }

    // Unpacked while it arrives, so that the first thing too large ends it, with the message that names the file.
    private async Task UnpackAsync(Stream body, MemoryStream upload, string folder, CancellationToken cancellationToken)
    {
        var copy = new CopyingStream(body, upload, maximumSize);
        await using (copy.ConfigureAwait(false))
        {
            await ExtractAsync(copy, folder, cancellationToken).ConfigureAwait(false);
            await copy.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }

        if (upload.Length > maximumSize)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, $"Size of the uploaded archive file exceeds limit ({maximumSize} bytes)");
        }
    }

    private async Task ExtractAsync(Stream archive, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await ArchiveExtractor.ExtractAsync(archive, folder, ArchiveLimits.OfTotal(maximumSize), null, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveRefusedException e) when (e.Refusal == ArchiveRefusal.EscapingEntry)
        {
            throw new WorkflowException(FailureKind.IllegalArgument, "Bad zip entry", null, e);
        }
    }

    private static List<WorkflowDefinition> Load(string folder)
    {
        var files = new ProjectFiles(folder);
        var definitions = new List<WorkflowDefinition>();
        var problems = new List<string>();
        foreach (var path in ProjectLoader.WorkflowFiles(folder))
        {
            var name = Path.GetFileName(path);
            try
            {
                definitions.Add(DigFile.ReadWorkflow(files, path, DigFile.WorkflowName(name)));
            }
            catch (WorkflowException e)
            {
                problems.Add($"workflow {name} {e.Message}");
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

    /// <summary>Reads from one stream and keeps what was read, up to somewhat more than the limit that is checked at the end.</summary>
    private sealed class CopyingStream(Stream source, MemoryStream copy, long maximumSize) : Stream
    {
        // Padding of tar blocks and the like may make an archive larger than the files in it.
        private const int Slack = 1024 * 1024;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (copy.Length + count > maximumSize + Slack)
            {
                throw new WorkflowException(
                    FailureKind.IllegalArgument, $"Size of the uploaded archive file exceeds limit ({maximumSize} bytes)");
            }

            copy.Write(buffer.Span[..count]);
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
