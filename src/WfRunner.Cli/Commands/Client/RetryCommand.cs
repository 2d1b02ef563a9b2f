using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// <c>wf retry</c>: executes a session once more. Digdag behaviour: cli-client 8.8. With <c>session:ID</c> the session's last attempt
/// is meant, and nothing has to be chosen.
/// </summary>
internal sealed class RetryCommand : ClientCommand
{
    public static readonly OptionSyntax LatestRevision = OptionSyntax.Flag("use the latest revision", "--latest-revision");
    public static readonly OptionSyntax KeepRevision = OptionSyntax.Flag("keep the same revision", "--keep-revision");
    public static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "use a specific revision", "--revision");
    public static readonly OptionSyntax All = OptionSyntax.Flag("retry all tasks", "--all");
    public static readonly OptionSyntax Resume = OptionSyntax.Flag("retry only non-successful tasks", "--resume");
    public static readonly OptionSyntax ResumeFrom = OptionSyntax.Value("+NAME", "retry from a specific task", "--resume-from", "--from-task");
    public static readonly OptionSyntax Name = OptionSyntax.Value("NAME", "retry attempt name (default: random UUID)", "--name");

    private const string SessionPrefix = "session:";

    /// <summary>The options that choose what is executed.</summary>
    public static IReadOnlyList<OptionSyntax> Choices { get; } =
    [
        LatestRevision, KeepRevision, Revision, All, Resume, ResumeFrom, Name, WorkflowParameters.Param, WorkflowParameters.ParamsFile, RetryPlan.Params,
        AttemptWait.Wait, AttemptWait.Follow,
    ];

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "retry",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> <--latest-revision | --keep-revision | --revision NAME> <--all | --resume | --resume-from +NAME> | session:<id> [options...]",
        Summary = "retry a session",
        Options = [.. Choices, Confirmation.Yes, .. ListOutput.Options, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples =
        [
            "retry 35 --latest-revision --all", "retry 35 --latest-revision --resume", "retry 35 --keep-revision --resume-from +step2", "retry session:12 --wait",
            "retry session:12 --from-task +step2 --params '{\"key\": 1}'",
        ],
    };

    /// <summary>What the options choose; without a choice the attempt's own revision and all tasks.</summary>
    /// <exception cref="UsageException">Choices contradict each other.</exception>
    internal static RetryPlan PlanOf(ClientCall call)
    {
        var arguments = call.Arguments;
        if (Count(arguments, LatestRevision, KeepRevision, Revision) > 1)
        {
            throw new UsageException("Setting --keep-revision, --latest-revision, or --revision together is invalid.");
        }

        if (Count(arguments, All, Resume, ResumeFrom) > 1)
        {
            throw new UsageException("Setting --all, --resume, or --resume-from together is invalid.");
        }

        return new RetryPlan
        {
            KeepsRevision = !arguments.Has(LatestRevision) && !arguments.Has(Revision),
            IsRevisionChosen = arguments.Has(KeepRevision),
            Revision = arguments.Value(Revision),
            Resumes = arguments.Has(Resume),
            ResumesFrom = arguments.Value(ResumeFrom),
            Name = arguments.Value(Name),
            Parameters = WorkflowParameters.Of(arguments, call.Context).Merge(RetryPlan.ParamsOf(arguments)),
        };
    }

    /// <summary>Retries an attempt; doubts about a resume are told, and asked about in the forms that Digdag does not have.</summary>
    internal static async Task RetryAsync(
        ClientCall call, WorkflowClient client, RetryPlan plan, AttemptView attempt, bool asks, CancellationToken cancellationToken)
    {
        var doubts = await plan.DoubtsAsync(call, client, attempt, cancellationToken).ConfigureAwait(false);
        if (doubts.Count > 0)
        {
            await call.Error.WriteLineAsync(
                $"warning: the hosted service will probably refuse to resume attempt {attempt.Id}: {string.Join("; ", doubts)}\n"
                + $"> A full rerun works: {call.Context.ProgramName} retry {attempt.Id} --latest-revision --all").ConfigureAwait(false);
            if (asks)
            {
                await Confirmation.RequireAsync(call, "Try to resume nevertheless?", cancellationToken).ConfigureAwait(false);
            }
        }

        await plan.RunAsync(call, client, attempt, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var isOfSession = call.Positional[0].StartsWith(SessionPrefix, StringComparison.Ordinal);
        if (!isOfSession)
        {
            RequireChoices(call.Arguments);
        }

        var plan = PlanOf(call);
        if (!isOfSession)
        {
            var id = call.PositionalId(0);
            var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await RetryAsync(call, client, plan, await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false), asks: false, cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        await RetrySessionAsync(call, plan, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RetrySessionAsync(ClientCall call, RetryPlan plan, CancellationToken cancellationToken)
    {
        var text = call.Positional[0][SessionPrefix.Length..];
        var id = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"For input string: \"{text}\"");
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var session = await client.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
        var last = session.LastAttempt ?? throw new CommandLineException($"Session {id} has no attempt yet; start it with `{call.Context.ProgramName} start`");
        var attempt = await client.GetAttemptAsync(last.Id, cancellationToken).ConfigureAwait(false);
        await RetryAsync(call, client, plan, attempt, asks: true, cancellationToken).ConfigureAwait(false);
    }

    private static void RequireChoices(ParsedArguments arguments)
    {
        var missing = (Count(arguments, LatestRevision, KeepRevision, Revision) == 0 ? "--keep-revision, --latest-revision, or --revision <name> option is required. " : string.Empty)
            + (Count(arguments, All, Resume, ResumeFrom) == 0 ? "--all, --resume, or --resume-from <+name> option is required. " : string.Empty);
        if (missing.Length > 0)
        {
            throw new UsageException(missing);
        }
    }

    private static int Count(ParsedArguments arguments, params OptionSyntax[] options) => options.Count(arguments.Has);
}
