using Microsoft.AspNetCore.Http;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Schedules. Digdag behaviour: rest-api 7.7.</summary>
internal static class ScheduleEndpoints
{
    private const int PageSize = 100;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/schedules", r => ListAsync(r, parts));
        routes.Get("/api/schedules/{id}", r => ReadAsync(r, parts));
        routes.Post("/api/schedules/{id}/skip", r => SkipAsync(r, parts));
        routes.Post("/api/schedules/{id}/backfill", r => BackfillAsync(r, parts));
        routes.Post("/api/schedules/{id}/disable", r => DisableAsync(r, parts));
        routes.Post("/api/schedules/{id}/enable", r => EnableAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var found = await parts.Store.Schedules.ListAsync(
            request.SiteId,
            null,
            null,
            request.QueryNumber("last_id") is { } last ? new ScheduleId(last) : null,
            PageSize,
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("schedules", found, ApiModels.Schedule)).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Schedule(await parts.Store.ScheduleAsync(request).ConfigureAwait(false))).ConfigureAwait(false);

    private static async Task SkipAsync(ApiRequest request, ServerParts parts)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var dryRun = body.Flag("dryRun");
        var runTime = body.InstantOrNull("nextRunTime");
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        StoredSchedule moved;
        if (body.LocalOrInstantOrNull("nextTime", schedule.TimeZone) is { } time)
        {
            moved = await parts.Schedules.SkipToAsync(schedule, time, runTime, dryRun, request.Cancellation).ConfigureAwait(false);
        }
        else if (body.InstantOrNull("fromTime") is { } from && body.CountOrNull("count") is { } count)
        {
            moved = await parts.Schedules.SkipByAsync(schedule, from, count, runTime, dryRun, request.Cancellation).ConfigureAwait(false);
        }
        else
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "nextTime or (fromTime and count) are required");
        }

        await request.AnswerAsync(ApiModels.ScheduleSummary(moved)).ConfigureAwait(false);
    }

    private static async Task BackfillAsync(ApiRequest request, ServerParts parts)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var (from, dryRun, name, count) = (body.Instant("fromTime"), body.Flag("dryRun"), body.Text("attemptName"), body.CountOrNull("count"));
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        var attempts = await parts.Schedules.BackfillAsync(schedule, from, name, count, dryRun, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleAttempts(schedule, attempts)).ConfigureAwait(false);
    }

    private static async Task DisableAsync(ApiRequest request, ServerParts parts)
    {
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        var changed = await parts.Schedules.DisableAsync(schedule, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleSummary(changed)).ConfigureAwait(false);
    }

    private static async Task EnableAsync(ApiRequest request, ServerParts parts)
    {
        var body = await request.ReadOptionalJsonAsync().ConfigureAwait(false);
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        if (body.FlagOrNull("skipSchedule") == true)
        {
            var time = body.LocalOrInstantOrNull("nextTime", schedule.TimeZone) ?? parts.Clock.GetCurrentInstant();
            schedule = await parts.Schedules.SkipToAsync(schedule, time, null, dryRun: false, request.Cancellation).ConfigureAwait(false);
        }

        var changed = await parts.Schedules.EnableAsync(schedule, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleSummary(changed)).ConfigureAwait(false);
    }
}
