using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf schedules</c>: lists schedules, all pages of them. Digdag behaviour: cli-client 8.15.</summary>
internal sealed class SchedulesCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "schedule",
        Aliases = ["schedules"],
        Group = CommandGroup.Client,
        Arguments = "[options...]",
        Summary = "show registered schedules",
        Options = [.. ListOutput.Options, .. ClientOptions.All],
        Examples = ["schedules", "schedules --table"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var schedules = await AllAsync(client, cancellationToken).ConfigureAwait(false);
        await ListOutput.WriteAsync(call, [.. schedules.Select(s => s.Json)], ListColumns.Schedules, output => WriteAsync(schedules, call, output), cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<ScheduleView>> AllAsync(WorkflowClient client, CancellationToken cancellationToken)
    {
        var all = new List<ScheduleView>();
        long? lastId = null;
        while (await client.ListSchedulesAsync(null, null, lastId, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page
            && !page.All(s => s.Id <= lastId))
        {
            all.AddRange(page);
            lastId = page[^1].Id;
        }

        return all;
    }

    private static async Task WriteAsync(IReadOnlyList<ScheduleView> schedules, ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync("Schedules:").ConfigureAwait(false);
        foreach (var schedule in schedules)
        {
            await output.WriteAsync(
                $"""
                  id: {schedule.Id}
                  project: {schedule.ProjectName}
                  workflow: {schedule.WorkflowName}
                  disabled at: {ClientTime.ToLocalWithDistance(schedule.DisabledAt, call.Context)}
                  next session time: {ClientTime.ToOffset(schedule.NextSessionTime)}
                  next scheduled to run at: {ClientTime.ToLocalWithDistance(schedule.NextRunTime, call.Context)}


                """).ConfigureAwait(false);
        }

        await output.WriteLineAsync($"{schedules.Count} entries.").ConfigureAwait(false);
        await call.Error.WriteLineAsync(
            $"Use `{call.Context.ProgramName} workflows [project-name] [name]` to show workflow details.").ConfigureAwait(false);
    }
}
