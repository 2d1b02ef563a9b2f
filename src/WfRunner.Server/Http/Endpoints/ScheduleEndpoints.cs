using Microsoft.AspNetCore.Http;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Schedules. Digdag behaviour: rest-api 7.7.</summary>
internal static class ScheduleEndpoints
{
    private const int PageSize = 100;

    private const string Tag = "schedules";

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        const int NotFound = StatusCodes.Status404NotFound;
        const int Conflict = StatusCodes.Status409Conflict;
        var list = ApiOperation.Get(Tag, "getSchedules", "/api/schedules", "Schedules of all projects", ApiModels.Schedules, Parameters.LastId);
        routes.Add(list, r => ListAsync(r, parts));
        var read = ApiOperation.Get(Tag, "getScheduleById", "/api/schedules/{id}", "A schedule", ApiModels.Schedule);
        routes.Add(read.Refusing(NotFound), r => ReadAsync(r, parts));
        routes.Add(
            Change("skipSchedule", "skip", "Moves a schedule on", RequestModels.Skip).Refusing(NotFound, Conflict), r => SkipAsync(r, parts));
        var backfill = ApiOperation.Post(
            Tag, "backfillSchedule", "/api/schedules/{id}/backfill", "Runs past sessions", ApiModels.ScheduleAttempts, RequestModels.Backfill);
        routes.Add(backfill.Refusing(NotFound, Conflict), r => BackfillAsync(r, parts));
        routes.Add(Change("disableSchedule", "disable", "Disables a schedule", null).Refusing(NotFound), r => DisableAsync(r, parts));
        var enable = new ApiOperation("enableSchedule", HttpMethods.Post, "/api/schedules/{id}/enable", "Enables a schedule")
        {
            Tag = Tag,
            Answer = Schema.Reference(ApiModels.ScheduleSummary),
            Body = RequestModels.Enable,
            IsBodyOptional = true,
        };
        routes.Add(enable.Refusing(NotFound, Conflict), r => EnableAsync(r, parts));
    }

    private static ApiOperation Change(string id, string verb, string summary, BodyModel? body) =>
        ApiOperation.Post(Tag, id, "/api/schedules/{id}/" + verb, summary, ApiModels.ScheduleSummary, body);

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var found = await parts.Store.Schedules.ListAsync(
            request.SiteId,
            null,
            null,
            request.QueryNumber(Parameters.LastId) is { } last ? new ScheduleId(last) : null,
            PageSize,
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Schedules, found).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Schedule, await parts.Store.ScheduleAsync(request).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task SkipAsync(ApiRequest request, ServerParts parts)
    {
        _ = request.PathId();
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var dryRun = body.Flag(RequestModels.DryRun);
        var runTime = body.TimeOrNull(RequestModels.NextRunTime);
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        StoredSchedule moved;
        if (body.LocalOrTimeOrNull(RequestModels.NextTime, schedule.TimeZone) is { } time)
        {
            moved = await parts.Schedules.SkipToAsync(schedule, time, runTime, dryRun, request.Cancellation).ConfigureAwait(false);
        }
        else if (body.TimeOrNull(RequestModels.FromTime) is { } from && body.CountOrNull(RequestModels.Count) is { } count)
        {
            moved = await parts.Schedules.SkipByAsync(schedule, from, count, runTime, dryRun, request.Cancellation).ConfigureAwait(false);
        }
        else
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "nextTime or (fromTime and count) are required");
        }

        await request.AnswerAsync(ApiModels.ScheduleSummary, moved).ConfigureAwait(false);
    }

    private static async Task BackfillAsync(ApiRequest request, ServerParts parts)
    {
        _ = request.PathId();
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var wish = Backfill(body);
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        var attempts = await parts.Schedules.BackfillAsync(schedule, wish, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleAttempts, new ScheduleAttempts(schedule, attempts)).ConfigureAwait(false);
    }

    // What Digdag requires may be left out only with the hosted service's keys.
    private static BackfillRequest Backfill(RequestBody body)
    {
        var advances = body.FlagOrNull(RequestModels.AdvanceSchedule) == true;
        var skips = body.FlagOrNull(RequestModels.SkipExisting) == true;
        var request = new BackfillRequest
        {
            From = advances ? body.TimeOrNull(RequestModels.FromTime) : body.Time(RequestModels.FromTime),
            IsDryRun = body.Flag(RequestModels.DryRun),
            AttemptName = skips || advances ? body.TextOrNull(RequestModels.AttemptName) : body.Text(RequestModels.AttemptName),
            Count = body.CountOrNull(RequestModels.Count),
            SkipsExisting = skips,
            AdvancesSchedule = advances,
        };
        return (advances, skips, request.AttemptName) switch
        {
            (true, false, _) => throw new ApiException(StatusCodes.Status400BadRequest, "advanceSchedule needs skipExisting"),
            (true, _, not null) => throw new ApiException(StatusCodes.Status400BadRequest, "advanceSchedule and attemptName exclude each other"),
            _ => request,
        };
    }

    private static async Task DisableAsync(ApiRequest request, ServerParts parts)
    {
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        var changed = await parts.Schedules.DisableAsync(schedule, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleSummary, changed).ConfigureAwait(false);
    }

    private static async Task EnableAsync(ApiRequest request, ServerParts parts)
    {
        _ = request.PathId();
        var body = await request.ReadOptionalJsonAsync().ConfigureAwait(false);
        var schedule = await parts.Store.ScheduleAsync(request).ConfigureAwait(false);
        if (body.FlagOrNull(RequestModels.SkipSchedule) == true)
        {
            var time = body.LocalOrTimeOrNull(RequestModels.NextTime, schedule.TimeZone) ?? parts.Clock.GetCurrentInstant();
            schedule = await parts.Schedules.SkipToAsync(schedule, time, null, dryRun: false, request.Cancellation).ConfigureAwait(false);
        }

        var changed = await parts.Schedules.EnableAsync(schedule, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.ScheduleSummary, changed).ConfigureAwait(false);
    }
}
