using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf check</c>: loads and compiles a project and shows what is in it. Digdag behaviour: cli-local 9.</summary>
internal sealed class CheckCommand : ICommand
{
    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "check",
        Aliases = ["c"],
        Group = CommandGroup.Local,
        Arguments = "[workflow.dig] [options...]",
        Summary = "show workflow definitions",
        Options = [ProjectOption.Project, WorkflowParameters.Param, WorkflowParameters.ParamsFile],
        MaximumArguments = 1,
        Examples = ["check", "check job1 --project etl"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        await context.Out.WriteLineAsync($"  System default timezone: {context.SystemTimeZone.Id}\n").ConfigureAwait(false);
        var parameters = WorkflowParameters.Of(arguments, context);
        var directory = ProjectOption.DirectoryOf(arguments, context);
        parameters = ProjectOption.AddProjectPath(parameters, directory, context);
        var project = ProjectLoader.Load(directory);
        ProblemLog.Write(context.Log, project);
        project.ThrowIfBroken();
        var workflows = Chosen(arguments, project, directory);
        await context.Out.WriteLineAsync($"  Definitions ({workflows.Count} workflows):").ConfigureAwait(false);
        foreach (var workflow in workflows)
        {
            var tasks = WorkflowCompiler.Compile(workflow);
            await context.Out.WriteLineAsync($"    {workflow.Name} ({tasks.Count} tasks)").ConfigureAwait(false);
            foreach (var required in tasks.Select(t => t.Config["require>"]).OfType<ConfigText>().Select(t => t.Value).Distinct())
            {
                await context.Out.WriteLineAsync($"      -> {required}").ConfigureAwait(false);
            }
        }

        await context.Out.WriteAsync("\n  Parameters:\n" + Indent(YamlWriter.Write(parameters), 4) + "\n").ConfigureAwait(false);
        await WriteSchedulesAsync(workflows, context).ConfigureAwait(false);
        return 0;
    }

    private static IReadOnlyList<WorkflowDefinition> Chosen(ParsedArguments arguments, LoadedProject project, string directory)
    {
        if (arguments.Positional.Count == 0)
        {
            return project.Workflows;
        }

        var name = ProjectOption.WorkflowNameOf(arguments.Positional[0], directory);
        var found = project.Workflows.FirstOrDefault(w => w.Name == name);
        return found is not null
            ? [found]
            : throw new WorkflowException(FailureKind.ResourceNotFound, $"Workflow '{name}' does not exist in project directory '{directory}'.");
    }

    private static async Task WriteSchedulesAsync(IReadOnlyList<WorkflowDefinition> workflows, CommandContext context)
    {
        var scheduled = workflows
            .Select(w => (Workflow: w, Scheduler: SchedulerFactory.Create(w.Config, w.TimeZone)))
            .Where(p => p.Scheduler is not null)
            .ToList();
        await context.Out.WriteLineAsync($"  Schedules ({scheduled.Count} entries):").ConfigureAwait(false);
        var now = context.Clock.GetCurrentInstant();
        foreach (var (workflow, scheduler) in scheduled)
        {
            await context.Out.WriteLineAsync($"    {workflow.Name}:").ConfigureAwait(false);
            await context.Out.WriteAsync(Indent(YamlWriter.Write(workflow.Config.GetMap("schedule")), 6)).ConfigureAwait(false);
            if (scheduler!.FirstScheduleTime(now) is { } first)
            {
                await context.Out.WriteLineAsync($"      first session time: {Local(first.Time)}").ConfigureAwait(false);
                await context.Out.WriteLineAsync(
                    $"      first scheduled to run at: {Local(first.RunTime)} ({Distance(first.RunTime - now)})").ConfigureAwait(false);
            }
        }

        await context.Out.WriteLineAsync().ConfigureAwait(false);

        string Local(Instant time) => DigdagTimestamp.Format(time.InZone(context.SystemTimeZone));
    }

    private static string Distance(Duration distance)
    {
        var seconds = (long)Math.Abs(distance.TotalSeconds);
        var text = (seconds / 3600, seconds / 60 % 60, seconds % 60) switch
        {
            (0, 0, var s) => $"{s}s",
            (0, var m, var s) => $"{m}m {s}s",
            var (h, m, s) => $"{h}h {m}m {s}s",
        };
        return distance < Duration.Zero ? text + " ago" : "in " + text;
    }

    private static string Indent(string lines, int by) =>
        string.Concat(lines.TrimEnd('\n').Split('\n').Select(l => new string(' ', by) + l + "\n"));
}
