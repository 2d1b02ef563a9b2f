using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client;
using WfRunner.Cli.Commands.Local;
using WfRunner.Cli.Commands.Local.Checking;
using WfRunner.Cli.Commands.Local.Running;
using WfRunner.Cli.Commands.Server;

namespace WfRunner.Cli;

/// <summary>All commands of the program, in the order Digdag lists them. A new command is one file and one line here.</summary>
internal static class CommandCatalog
{
    public static IReadOnlyList<ICommand> All { get; } =
    [
        new InitCommand(),
        new RunCommand(),
        new CheckCommand(),
        new SchedulerCommand(),
        new DataCommand(),
        new SqlCommand(),
        new CompletionCommand(),
        new SelfUpdateCommand(),
        new ServerCommand(),
        new MigrateCommand(),
        new PushCommand(),
        new PullCommand(),
        new CloneCommand(),
        new ArchiveCommand(),
        new UploadCommand(),
        new DownloadCommand(),
        new ProjectsCommand(),
        new RevisionsCommand(),
        new WorkflowsCommand(),
        new StartCommand(),
        new RetryCommand(),
        new SessionsCommand(),
        new AttemptsCommand(),
        new AttemptCommand(),
        new RescheduleCommand(),
        new BackfillCommand(),
        new LogCommand(),
        new KillCommand(),
        new TasksCommand(),
        new TimelineCommand(),
        new SchedulesCommand(),
        new DisableCommand(),
        new EnableCommand(),
        new DeleteCommand(),
        new SecretsCommand(),
        new PoolsCommand(),
        new PoolRulesCommand(),
        new UseCommand(),
        new OpenCommand(),
        new VersionCommand(),
    ];

    public static ICommand? Find(string name) =>
        All.FirstOrDefault(c => c.Syntax.Name == name || c.Syntax.Aliases.Contains(name));
}
