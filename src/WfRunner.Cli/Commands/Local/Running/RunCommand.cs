using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;
using WfRunner.Core.Scheduling;
using WfRunner.Operators;
using WfRunner.Operators.Notifications;
using WfRunner.Operators.ParameterServer;
using WfRunner.Operators.Scripting;
using WfRunner.Operators.TreasureData;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Projects;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary><c>wf run</c>: runs a workflow here and now. Digdag behaviour: cli-local 8.</summary>
internal sealed class RunCommand : ICommand
{
    private const string DefaultStatusDirectory = ".digdag/status";

    private static readonly OptionSyntax Rerun = OptionSyntax.Flag(
        $"ignores status files saved at {DefaultStatusDirectory} and re-runs all tasks", "-a", "--rerun", "--all");

    private static readonly OptionSyntax Start = OptionSyntax.Value(
        "+NAME", "runs this task and its following tasks even if their status files are stored", "-s", "--start");

    private static readonly OptionSyntax Goal = OptionSyntax.Value(
        "+NAME", "runs this task and its children; tasks before it are resumed or run, nothing else", "-g", "--goal");

    private static readonly OptionSyntax End = OptionSyntax.Value("+NAME", "skips this task and its following tasks", "-e", "--end");

    private static readonly OptionSyntax Save = OptionSyntax.Value(
        "DIR", $"uses this directory to read and write status files (default: {DefaultStatusDirectory})", "-o", "--save");

    private static readonly OptionSyntax NoSave = OptionSyntax.Flag("neither reads nor writes status files", "--no-save");

    private static readonly OptionSyntax Session = OptionSyntax.Value(
        "EXPR", "session time: last (default), daily, hourly, schedule, or \"yyyy-MM-dd[ HH:mm:ss]\"", "-t", "--session", "--session-time") with
    {
        Words = ["last", "daily", "hourly", "schedule"],
    };

    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("evaluates parameters but runs no operator", "-d", "--dry-run");

    private static readonly OptionSyntax ShowParams = OptionSyntax.Flag("shows the parameters of each task before it runs", "-E", "--show-params");

    private static readonly OptionSyntax DryRunAndShowParams = OptionSyntax.Flag("same as -d -E", "-dE");

    private static readonly OptionSyntax MaximumThreads = OptionSyntax.Value("N", "runs at most N tasks at once", "--max-task-threads");

    private static readonly OptionSyntax TaskLog = OptionSyntax.Value("DIR", "stores task logs in this directory", "-O", "--task-log");

    private static readonly OptionSyntax Backend = OptionSyntax.Value(
        "NAME", "runs queries of td> on this engine, whatever the workflow says, for example duckdb", "--backend");

    private static readonly OptionSyntax Output = OptionSyntax.Value(
        "FORMAT", "text (default); jsonl for an event a line, json for one object at the end, with log lines on standard error", "--output") with
    {
        Words = ["text", "json", "jsonl"],
    };

    private static readonly OptionSyntax NoProgress = OptionSyntax.Flag("shows no live view on a terminal", "--no-progress");

    private static readonly OptionSyntax Explain = OptionSyntax.Flag("shows the SQL that td> tasks would run, and runs nothing", "--explain");

    private static readonly OptionSyntax TimeZone = OptionSyntax.Value("NAME", null, "--timezone");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "run",
        Aliases = ["r"],
        Group = CommandGroup.Local,
        Arguments = "<workflow.dig> [+task] [options...]",
        Summary = "run a workflow",
        Options =
        [
            ProjectOption.Project, Rerun, Start, Goal, End, Save, NoSave, WorkflowParameters.Param, WorkflowParameters.ParamsFile, Session,
            TargetOption.Target, TargetOption.AllowUnknownKeys, DryRun, ShowParams, DryRunAndShowParams, MaximumThreads, Backend, Explain, TaskLog, Output, NoProgress, TimeZone,
        ],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples =
        [
            "run job1",
            "run job1.dig +load --session 2016-12-08",
            "run job1 --rerun -p table=access_log",
            "run job1 +load --explain --backend duckdb",
        ],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        CheckOptions(arguments);
        var show = RunShow.Of(arguments.Value(Output), arguments.Has(NoProgress), context);
        await using (show.ConfigureAwait(false))
        {
            return await RunAsync(arguments, show, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(ParsedArguments arguments, RunShow show, CancellationToken cancellationToken)
    {
        var context = show.Context;
        var parameters = WorkflowParameters.Of(arguments, context);
        var directory = ProjectOption.DirectoryOf(arguments, context);
        parameters = ProjectOption.AddProjectPath(parameters, directory, context);
        var project = Load(arguments, directory, context);
        var definition = Find(arguments, project);
        TellTrigger(definition, context);
        var allTasks = WorkflowCompiler.Compile(definition);
        var tasks = arguments.Positional.Count > 1
            ? new TaskTree(allTasks).Alone(TaskPattern.Parse(arguments.Positional[1]).FindIn(allTasks))
            : allTasks;

        var statusRoot = Path.GetFullPath(arguments.Value(Save) ?? DefaultStatusDirectory, directory);
        var scheduler = SchedulerFactory.Create(definition.Config, definition.TimeZone);
        var session = PlanSession(arguments, context, definition, scheduler, statusRoot);
        var status = arguments.Has(NoSave) || arguments.Has(Explain) || IsDryRun(arguments)
            ? null
            : Path.Combine(statusRoot, SessionTimeText.DirectoryName(session, definition.TimeZone));
        if (status is not null)
        {
            context.Log.WriteMain(TaskLogLevel.Info, $"Using session {status}.");
        }

        var selection = Select(arguments, tasks);
        var run = Prepare(arguments, show, project, status, selection);
        show.Start(definition, session, status);

        // Commands are told to end first; who interrupts twice does not want to wait for them.
        await using var hurry = context.TakeHurry().Register(RunningCommands.KillAll).ConfigureAwait(false);
        var records = await run.RunAsync(
            definition, tasks, session, ScheduleTimes.Add(parameters, definition, session), cancellationToken).ConfigureAwait(false);
        var code = RunSummary.ExitCode(records, cancellationToken.IsCancellationRequested);
        await show.FinishAsync(records, status, code).ConfigureAwait(false);
        return code;
    }

    private static void CheckOptions(ParsedArguments arguments)
    {
        Refuse(Start, Goal, "-s, --start and -g, --goal don't work together");
        Refuse(Goal, End, "-g, --goal and -e, --end don't work together");
        Refuse(Rerun, Start, "-a, --rerun and -s, --start don't work together");
        Refuse(Rerun, Goal, "-a, --rerun and -g, --goal don't work together");
        if (arguments.Has(TimeZone))
        {
            throw new UsageException("--timezone has no effect; set timezone: at the top of the workflow file instead");
        }

        void Refuse(OptionSyntax one, OptionSyntax other, string message)
        {
            if (arguments.Has(one) && arguments.Has(other))
            {
                throw new UsageException(message);
            }
        }
    }

    private static bool IsDryRun(ParsedArguments arguments) => arguments.Has(DryRun) || arguments.Has(DryRunAndShowParams);

    private static LoadedProject Load(ParsedArguments arguments, string directory, CommandContext context)
    {
        var target = TargetOf(arguments, directory);
        var project = ProjectLoader.Load(directory, DialectRules.Of(target, arguments.Has(TargetOption.AllowUnknownKeys)));
        ProblemLog.Write(context.Log, project);
        project.ThrowIfBroken();
        return project;
    }

    private static Target TargetOf(ParsedArguments arguments, string directory) => TargetOption.Single(TargetOption.Of(arguments, directory).Targets);

    private static void TellTrigger(WorkflowDefinition definition, CommandContext context)
    {
        if (definition.Trigger is { } trigger)
        {
            context.Log.WriteMain(
                TaskLogLevel.Info, $"trigger: ignored in a local run (starts after {trigger.ProjectName}/{trigger.WorkflowName} on the server)");
        }

        foreach (var unknown in definition.UnknownKeys)
        {
            context.Log.WriteMain(TaskLogLevel.Warn, $"{unknown.KeySpan}: the unknown key '{unknown.Key}' is ignored");
        }
    }

    private static WorkflowDefinition Find(ParsedArguments arguments, LoadedProject project)
    {
        var name = ProjectOption.WorkflowNameOf(arguments.Positional[0], project.Directory);
        return project.Workflows.FirstOrDefault(w => w.Name == name)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, NotFound(name, arguments.Value(ProjectOption.Project), project) + HintOfServer(arguments.Positional[0]));
    }

    // People who come from other clients write the project of a server in front.
    private static string HintOfServer(string argument) =>
        argument.Contains('.', StringComparison.Ordinal) && !argument.EndsWith(".dig", StringComparison.Ordinal) && !argument.Contains('/', StringComparison.Ordinal)
            ? $"\nTo start a workflow on a server, use: wf start {argument}"
            : string.Empty;

    private static string NotFound(string name, string? givenProject, LoadedProject project)
    {
        if (givenProject is not null)
        {
            return $"Workflow '{name}' does not exist in project directory '{givenProject}'.";
        }

        var slash = name.LastIndexOf('/');
        return slash > 0
            ? $"Workflow '{name}' does not exist in current directory. You may need to type \"cd {name[..slash]}\" first, or set \"--project {name[..slash]}\" option."
            : $"Workflow '{name}' does not exist in current directory. You may need to change directory first, or set --project option.";
    }

    private static Instant PlanSession(
        ParsedArguments arguments, CommandContext context, WorkflowDefinition definition, IScheduler? scheduler, string statusRoot)
    {
        var plan = SessionTimePlan.Of(
            arguments.Value(Session) ?? "last",
            definition.TimeZone,
            scheduler,
            SessionDirectories.LastSessionOf(statusRoot, definition.Name),
            context.Clock.GetCurrentInstant());
        if (plan.Notice is { } notice)
        {
            context.Log.WriteMain(TaskLogLevel.Warn, notice);
        }

        return plan.Time;
    }

    private static TaskSelection Select(ParsedArguments arguments, IReadOnlyList<CompiledTask> tasks)
    {
        return TaskSelection.Of(tasks, arguments.Has(Rerun), Named(Start), Named(Goal), Named(End));

        CompiledTask? Named(OptionSyntax option) =>
            arguments.Value(option) is { } pattern ? TaskPattern.Parse(pattern).FindIn(tasks) : null;
    }

    private static LocalRun Prepare(
        ParsedArguments arguments, RunShow show, LoadedProject project, string? status, TaskSelection selection)
    {
        var context = show.Context;
        // A wrong system configuration shows now, not when something has failed.
        _ = Notifier.Create(context.SystemConfig);
        ParameterServers.Check(context.SystemConfig);
        var saved = status is null ? null : new StatusDirectory(status);
        var succeeded = saved?.ReadSucceeded(m => context.Log.WriteMain(TaskLogLevel.Warn, m))
            ?? new Dictionary<string, TaskResult>();
        var sessions = new LocalSessions(project.Workflows, context.Clock);
        return new LocalRun
        {
            Log = context.Log,
            Sessions = sessions,
            Operators = arguments.Has(Explain) ? ExplainedOperators.Of(StandardOperators.CreateRegistry()) : StandardOperators.CreateRegistry(),
            Clock = context.Clock,
            Environment = new LocalTaskEnvironment(
                project.Directory,
                context.Log,
                show.Output,
                SystemConfigOf(arguments, context, TargetOf(arguments, project.Directory)),
                new LocalSecrets(context.SystemConfig, context.ConfigHome),
                selection,
                succeeded)
            {
                Workflows = sessions,
                TaskLogs = TaskLogsOf(arguments, context),
                Observer = show.Progress,
                OutputOf = show.OutputOf,
            },
            Observer = show.Progress,
            Journal = new StatusJournal(saved, selection),
            MaximumParallelTasks = arguments.Int32(MaximumThreads) ?? 0,
            Mode = (IsDryRun(arguments) ? TaskRunMode.DryRun : TaskRunMode.Normal)
                | (arguments.Has(ShowParams) || arguments.Has(DryRunAndShowParams) ? TaskRunMode.ShowParameters : TaskRunMode.Normal),
        };
    }

    private static Dictionary<string, string> SystemConfigOf(ParsedArguments arguments, CommandContext context, Target target)
    {
        var config = new Dictionary<string, string>(context.SystemConfig, StringComparer.Ordinal) { [HostedRehearsal.TargetKey] = TargetWord.Of(target) };
        if (arguments.Value(Backend) is { } backend)
        {
            config[QueryBackendSelector.CommandLineKey] = backend;
        }

        if (arguments.Has(Explain))
        {
            config[ExplainedOperators.ConfigKey] = "true";
        }

        return config;
    }

    private static LocalTaskLogs? TaskLogsOf(ParsedArguments arguments, CommandContext context)
    {
        if (arguments.Value(TaskLog) is not { } folder)
        {
            return null;
        }

        var agent = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Environment.ProcessId}@{Environment.MachineName}");
        var store = new TaskLogStore(Path.GetFullPath(folder, context.CurrentDirectory), agent, context.Clock, TimeProvider.System);
        return new LocalTaskLogs(store, context.Clock, context.SystemTimeZone);
    }
}
