using WfRunner.Cli.CommandLine;
using WfRunner.Core;

namespace WfRunner.Cli.Commands.Server;

/// <summary>
/// <c>wf scheduler</c>: a server for one project, which is run where it lies and loaded again when its files change. Digdag behaviour:
/// cli-local 11.
/// </summary>
internal sealed class SchedulerCommand : ICommand
{
    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "scheduler",
        Aliases = ["sched"],
        Group = CommandGroup.Local,
        Arguments = "[options...]",
        Summary = "run the schedules of a project",
        Options = [ProjectOption.Project, .. ServerCommand.ServerOptions],
        Examples = ["scheduler", "scheduler --project my_project -o wf-data", "scheduler -p target=production -n 8080"],
    };

    /// <inheritdoc/>
    public Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var project = ProjectOption.DirectoryOf(arguments, context);
        if (!Directory.Exists(project))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, project);
        }

        var config = ServerCommand.ConfigurationOf(arguments, context);
        config["scheduler.autoLoadLocalProject"] = project;
        return ServerCommand.ServeAsync(config, context, cancellationToken);
    }
}
