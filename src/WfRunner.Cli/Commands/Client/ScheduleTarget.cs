using System.Globalization;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The schedules that positional arguments name: an id, a project, or a project and a workflow. Digdag behaviour: cli-client 8.16.</summary>
internal static class ScheduleTarget
{
    public const string Arguments = "<schedule-id> | <project> [workflow]";

    /// <summary>The one id, when the only argument is a number.</summary>
    public static int? IdOf(ClientCall call) =>
        call.Positional.Count == 1 && int.TryParse(call.Positional[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>All ids that are named.</summary>
    public static async Task<IReadOnlyList<long>> IdsOfAsync(ClientCall call, WorkflowClient client, CancellationToken cancellationToken)
    {
        if (IdOf(call) is { } id)
        {
            return [id];
        }

        if (call.Positional.Count == 2)
        {
            var schedule = await client.ScheduleAsync(call.Positional[0], call.Positional[1], cancellationToken).ConfigureAwait(false);
            return [schedule.Id];
        }

        var project = await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false);
        var ids = new List<long>();
        long? lastId = null;
        while (await client.ListSchedulesAsync(project.Id, null, lastId, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            ids.AddRange(page.Select(s => s.Id));
            lastId = page[^1].Id;
        }

        return ids;
    }

    /// <summary>The one schedule that is named by id, or by project and workflow.</summary>
    public static async Task<ScheduleView> OneAsync(ClientCall call, WorkflowClient client, CancellationToken cancellationToken)
    {
        if (call.Positional.Count == 2)
        {
            return await client.ScheduleAsync(call.Positional[0], call.Positional[1], cancellationToken).ConfigureAwait(false);
        }

        var id = IdOf(call) ?? throw new CommandLine.UsageException($"{call.Positional[0]} is no schedule id; give <project> <workflow>", exitCode: 2);
        return await client.GetScheduleAsync(id, cancellationToken).ConfigureAwait(false);
    }
}
