using System.Globalization;
using NodaTime.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary>How a session is executed once more: with which revision, and which tasks.</summary>
internal sealed record RetryPlan
{
    public static readonly OptionSyntax Params = OptionSyntax.Value("JSON", "parameters as a JSON object, over those of the old attempt", "--params");

    /// <summary>Whether the workflow is that of the old attempt.</summary>
    public bool KeepsRevision { get; init; }

    /// <summary>Whether the user asked for that revision in so many words.</summary>
    public bool IsRevisionChosen { get; init; }

    /// <summary>Name of a revision; null for the latest.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether tasks that succeeded are left out.</summary>
    public bool Resumes { get; init; }

    /// <summary>The task to start from; null for none.</summary>
    public string? ResumesFrom { get; init; }

    /// <summary>Name of the new attempt; null for one of its own.</summary>
    public string? Name { get; init; }

    /// <summary>Parameters over those of the old attempt.</summary>
    public ConfigMap Parameters { get; init; } = ConfigMap.Empty;

    /// <summary>The object of <c>--params</c>.</summary>
    /// <exception cref="CommandLineException">It is no JSON object.</exception>
    public static ConfigMap ParamsOf(ParsedArguments arguments)
    {
        if (arguments.Value(Params) is not { } text)
        {
            return ConfigMap.Empty;
        }

        try
        {
            return ConfigJson.Parse(text) as ConfigMap ?? throw new CommandLineException($"--params must be a JSON object: {text}");
        }
        catch (System.Text.Json.JsonException)
        {
            throw new CommandLineException($"--params must be a JSON object: {text}");
        }
    }

    /// <summary>Starts the attempt.</summary>
    /// <param name="call">Options and streams.</param>
    /// <param name="client">The server.</param>
    /// <param name="attempt">The old attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(ClientCall call, WorkflowClient client, AttemptView attempt, CancellationToken cancellationToken)
    {
        var start = new AttemptStart(
            await WorkflowOfAsync(client, attempt, cancellationToken).ConfigureAwait(false),
            OffsetDateTimePattern.Rfc3339.Format(attempt.SessionTime),
            Name ?? Guid.NewGuid().ToString(),
            ResumeOf(attempt.Id),
            attempt.Params.Merge(Parameters))
        {
            HasNameOfItsOwn = Name is null,
            AllowQueueing = call.IsHosted ? true : null,
        };
        var started = await StartCommand.StartAsync(client, start, call, cancellationToken).ConfigureAwait(false);
        await StartCommand.WriteStartedAsync(started, call, cancellationToken).ConfigureAwait(false);
        if (AttemptWait.IsWanted(call.Arguments))
        {
            await AttemptWait.RunAsync(call, client, started, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Why the hosted service will refuse to resume an attempt.</summary>
    /// <param name="call">The target.</param>
    /// <param name="client">The server.</param>
    /// <param name="attempt">The old attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reasons; none for other servers, and when nothing is resumed.</returns>
    public async Task<IReadOnlyList<string>> DoubtsAsync(ClientCall call, WorkflowClient client, AttemptView attempt, CancellationToken cancellationToken)
    {
        if (!call.IsHosted || (!Resumes && ResumesFrom is null))
        {
            return [];
        }

        var doubts = new List<string>();
        var tasks = await client.ListTasksAsync(attempt.Id, cancellationToken).ConfigureAwait(false);
        if (tasks.GroupBy(t => t.FullName).FirstOrDefault(g => g.Count() > 1) is { } repeated)
        {
            doubts.Add($"a group of the attempt was retried ({repeated.Key} is there {repeated.Count()} times)");
        }

        if (!IsRevisionChosen && await IsOutdatedAsync(client, attempt, cancellationToken).ConfigureAwait(false))
        {
            doubts.Add("the project has a newer revision than the attempt");
        }

        return doubts;
    }

    private static async Task<bool> IsOutdatedAsync(WorkflowClient client, AttemptView attempt, CancellationToken cancellationToken)
    {
        if (attempt.WorkflowId is not { } id)
        {
            return false;
        }

        var own = await client.GetWorkflowAsync(id, cancellationToken).ConfigureAwait(false);
        var project = await client.FindProjectAsync(attempt.ProjectName, cancellationToken).ConfigureAwait(false);
        return project is not null && project.Revision != own.Revision;
    }

    private async Task<long> WorkflowOfAsync(WorkflowClient client, AttemptView attempt, CancellationToken cancellationToken)
    {
        if (KeepsRevision)
        {
            return attempt.WorkflowId ?? throw new CommandLineException(
                $"Session attempt {attempt.Id} is non-stored workflow. Retrying a non-stored workflow is not supported.");
        }

        return (await client.WorkflowAsync(attempt.ProjectId, Revision, attempt.WorkflowName, cancellationToken).ConfigureAwait(false)).Id;
    }

    private ConfigMap? ResumeOf(long id)
    {
        ConfigValue attempt = id.ToString(CultureInfo.InvariantCulture);
        if (ResumesFrom is { } from)
        {
            return ConfigMap.Of(("mode", "from"), ("attemptId", attempt), ("from", from));
        }

        return Resumes ? ConfigMap.Of(("mode", "failed"), ("attemptId", attempt)) : null;
    }
}
