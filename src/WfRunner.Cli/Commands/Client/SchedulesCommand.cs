using WfRunner.Cli.CommandLine;

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
        Options = ClientOptions.All,
        Examples = ["schedules"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync("Schedules:").ConfigureAwait(false);
        var count = 0;
        long? lastId = null;
        while (await client.ListSchedulesAsync(null, null, lastId, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var schedule in page)
            {
                await call.Out.WriteAsync(
                    $"""
                      id: {schedule.Id}
                      project: {schedule.ProjectName}
                      workflow: {schedule.WorkflowName}
                      disabled at: {ClientTime.ToLocalWithDistance(schedule.DisabledAt, call.Context)}
                      next session time: {ClientTime.ToOffset(schedule.NextSessionTime)}
                      next scheduled to run at: {ClientTime.ToLocalWithDistance(schedule.NextRunTime, call.Context)}


                    """).ConfigureAwait(false);
            }

            count += page.Count;
            lastId = page[^1].Id;
        }

        await call.Out.WriteLineAsync($"{count} entries.").ConfigureAwait(false);
        await call.Error.WriteLineAsync(
            $"Use `{call.Context.ProgramName} workflows [project-name] [name]` to show workflow details.").ConfigureAwait(false);
    }
}
