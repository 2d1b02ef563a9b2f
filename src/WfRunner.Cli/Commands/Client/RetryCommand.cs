using System.Globalization;
using NodaTime.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf retry</c>: executes a session once more. Digdag behaviour: cli-client 8.8.</summary>
internal sealed class RetryCommand : ClientCommand
{
    private static readonly OptionSyntax LatestRevision = OptionSyntax.Flag("use the latest revision", "--latest-revision");
    private static readonly OptionSyntax KeepRevision = OptionSyntax.Flag("keep the same revision", "--keep-revision");
    private static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "use a specific revision", "--revision");
    private static readonly OptionSyntax All = OptionSyntax.Flag("retry all tasks", "--all");
    private static readonly OptionSyntax Resume = OptionSyntax.Flag("retry only non-successful tasks", "--resume");
    private static readonly OptionSyntax ResumeFrom = OptionSyntax.Value("+NAME", "retry from a specific task", "--resume-from");
    private static readonly OptionSyntax Name = OptionSyntax.Value("NAME", "retry attempt name (default: random UUID)", "--name");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "retry",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> <--latest-revision | --keep-revision | --revision NAME> <--all | --resume | --resume-from +NAME> [options...]",
        Summary = "retry a session",
        Options =
        [
            LatestRevision, KeepRevision, Revision, All, Resume, ResumeFrom, Name, WorkflowParameters.Param, WorkflowParameters.ParamsFile,
            .. ClientOptions.All,
        ],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["retry 35 --latest-revision --all", "retry 35 --latest-revision --resume", "retry 35 --keep-revision --resume-from +step2"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        CheckChoices(call.Arguments);
        var id = call.PositionalId(0);
        var parameters = WorkflowParameters.Of(call.Arguments, call.Context);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        var workflow = await WorkflowOfAsync(client, attempt, call.Arguments, cancellationToken).ConfigureAwait(false);
        var start = new AttemptStart(
            workflow,
            OffsetDateTimePattern.ExtendedIso.Format(attempt.SessionTime),
            call.Arguments.Value(Name) ?? Guid.NewGuid().ToString(),
            ResumeOf(call.Arguments, id),
            attempt.Params.Merge(parameters));
        await StartCommand.WriteStartedAsync(await StartCommand.StartAsync(client, start, call, cancellationToken).ConfigureAwait(false), call)
            .ConfigureAwait(false);
    }

    private static void CheckChoices(ParsedArguments arguments)
    {
        var revisions = Count(LatestRevision, KeepRevision, Revision);
        var resumes = Count(All, Resume, ResumeFrom);
        var missing = (revisions == 0 ? "--keep-revision, --latest-revision, or --revision <name> option is required. " : string.Empty)
            + (resumes == 0 ? "--all, --resume, or --resume-from <+name> option is required. " : string.Empty);
        if (missing.Length > 0)
        {
            throw new UsageException(missing);
        }

        if (revisions > 1)
        {
            throw new UsageException("Setting --keep-revision, --latest-revision, or --revision together is invalid.");
        }

        if (resumes > 1)
        {
            throw new UsageException("Setting --all, --resume, or --resume-from together is invalid.");
        }

        int Count(params OptionSyntax[] options) => options.Count(arguments.Has);
    }

    private static async Task<long> WorkflowOfAsync(
        WorkflowClient client, AttemptView attempt, ParsedArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Has(KeepRevision))
        {
            return attempt.WorkflowId ?? throw new CommandLineException(
                $"Session attempt {attempt.Id} is non-stored workflow. Retrying a non-stored workflow is not supported.");
        }

        var workflow = await client.WorkflowAsync(attempt.ProjectId, arguments.Value(Revision), attempt.WorkflowName, cancellationToken)
            .ConfigureAwait(false);
        return workflow.Id;
    }

    private static ConfigMap? ResumeOf(ParsedArguments arguments, long id)
    {
        ConfigValue attempt = id.ToString(CultureInfo.InvariantCulture);
        if (arguments.Value(ResumeFrom) is { } from)
        {
            return ConfigMap.Of(("mode", "from"), ("attemptId", attempt), ("from", from));
        }

        return arguments.Has(Resume) ? ConfigMap.Of(("mode", "failed"), ("attemptId", attempt)) : null;
    }
}
