using System.Globalization;
using System.Text;
using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>What is in a project, in the words of Digdag's <c>check</c> (cli-local 9).</summary>
/// <param name="workflows">The workflows; all of them compile.</param>
/// <param name="context">The zone and the clock.</param>
internal sealed class ProjectSummary(IReadOnlyList<CheckedWorkflow> workflows, CommandContext context)
{
    /// <summary>The workflows, and those that they require.</summary>
    public string Definitions()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  Definitions ({workflows.Count} workflows):\n");
        foreach (var workflow in workflows)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {workflow.Name} ({workflow.Tasks!.Count} tasks)\n");
            foreach (var required in workflow.Tasks.Select(t => t.Config["require>"]).OfType<ConfigText>().Select(t => t.Value).Distinct())
            {
                text.Append("      -> ").Append(required).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The parameters given with options.</summary>
    /// <param name="parameters">The parameters.</param>
    public static string Parameters(ConfigMap parameters) => "\n  Parameters:\n" + Indent(YamlWriter.Write(parameters), 4) + "\n";

    /// <summary>The schedules and when they come next.</summary>
    /// <exception cref="Core.WorkflowException">A schedule is broken.</exception>
    public string Schedules()
    {
        var now = context.Clock.GetCurrentInstant();
        var entries = new StringBuilder();
        var count = 0;
        foreach (var workflow in workflows)
        {
            var definition = workflow.Definition!;
            if (SchedulerFactory.Create(definition.Config, definition.TimeZone) is not { } scheduler)
            {
                continue;
            }

            count++;
            entries.Append("    ").Append(workflow.Name).Append(":\n").Append(Indent(YamlWriter.Write(definition.Config.GetMap("schedule")), 6));
            if (scheduler.FirstScheduleTime(now) is { } first)
            {
                entries.Append("      first session time: ").Append(Local(first.Time))
                    .Append("\n      first scheduled to run at: ").Append(Local(first.RunTime))
                    .Append(" (").Append(Distance(first.RunTime - now)).Append(")\n");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"  Schedules ({count} entries):\n{entries}\n");
    }

    private string Local(Instant time) => DigdagTimestamp.Format(time.InZone(context.SystemTimeZone));

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
