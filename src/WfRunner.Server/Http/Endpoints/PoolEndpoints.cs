using System.Globalization;
using Microsoft.AspNetCore.Http;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Pools;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Pools of attempts and the rules that choose them, for admins. Behaviour of the hosted service: hosted-dialect 11, 12.</summary>
internal static class PoolEndpoints
{
    private const string Tag = "pools";
    private const int LongestName = 256;
    private const int LowestPriority = 10000;
    private const int NotAllowed = StatusCodes.Status403Forbidden;
    private const int NotFound = StatusCodes.Status404NotFound;
    private const int NameUsed = StatusCodes.Status409Conflict;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Add(Get("getPools", "/api/pools", "Pools, the default one first", PoolModels.Pools), r => ListAsync(r, parts));
        var create = ApiOperation.Post(Tag, "createPool", "/api/pools", "Makes a pool at the default pool's expense", PoolModels.Pool, PoolModels.NewPool);
        routes.Add(create.Created().Refusing(NotAllowed, NameUsed).AsAddition(), r => CreateAsync(r, parts));
        routes.Add(Get("getPool", "/api/pools/{id}", "A pool", PoolModels.Pool, NotFound), r => ReadAsync(r, parts));
        var change = ApiOperation.Patch(Tag, "changePool", "/api/pools/{id}", "Changes a pool", PoolModels.Pool, PoolModels.PoolChange);
        routes.Add(change.Refusing(NotAllowed, NotFound, NameUsed).AsAddition(), r => ChangeAsync(r, parts));
        var delete = ApiOperation.Delete(Tag, "deletePool", "/api/pools/{id}", "Deletes a pool; its limit goes back to the default pool", PoolModels.Pool);
        routes.Add(delete.Refusing(NotAllowed, NotFound).AsAddition(), r => DeleteAsync(r, parts));
        MapRules(routes, parts);
    }

    private static void MapRules(ApiRoutes routes, ServerParts parts)
    {
        routes.Add(Get("getPoolRules", "/api/pool_rules", "Pool rules in the order they are tried", PoolModels.Rules), r => ListRulesAsync(r, parts));
        var create = ApiOperation.Post(Tag, "createPoolRule", "/api/pool_rules", "Makes a pool rule", PoolModels.Rule, PoolModels.NewRule);
        routes.Add(create.Created().Refusing(NotAllowed, NotFound).AsAddition(), r => CreateRuleAsync(r, parts));
        routes.Add(Get("getPoolRule", "/api/pool_rules/{id}", "A pool rule", PoolModels.Rule, NotFound), r => ReadRuleAsync(r, parts));
        var change = ApiOperation.Patch(Tag, "changePoolRule", "/api/pool_rules/{id}", "Changes a pool rule", PoolModels.Rule, PoolModels.RuleChange);
        routes.Add(change.Refusing(NotAllowed, NotFound).AsAddition(), r => ChangeRuleAsync(r, parts));
        var delete = ApiOperation.Delete(Tag, "deletePoolRule", "/api/pool_rules/{id}", "Deletes a pool rule", PoolModels.Rule);
        routes.Add(delete.Refusing(NotAllowed, NotFound).AsAddition(), r => DeleteRuleAsync(r, parts));
    }

    private static ApiOperation Get(string id, string path, string summary, IModel answer, params int[] refusals) =>
        ApiOperation.Get(Tag, id, path, summary, answer).Refusing([NotAllowed, .. refusals]).AsAddition();

    private static async Task ListAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(PoolModels.Pools, await PoolsAsync(request, parts).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(PoolModels.Pool, await PoolAsync(request, parts).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task CreateAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var (name, limit) = (Name(body.Text(PoolModels.Name)), body.Count(PoolModels.Limit));
        var pool = await parts.Store.Pools.CreateAsync(request.SiteId, parts.Settings.MaximumAttempts, name, limit, request.Cancellation)
            .ConfigureAwait(false);
        await request.AnswerAsync(PoolModels.Pool, pool, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task ChangeAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var name = body.TextOrNull(PoolModels.ChangedName) is { } text ? Name(text) : null;
        var change = new PoolChange(name, body.CountOrNull(PoolModels.ChangedLimit));
        var pool = await parts.Store.Pools.UpdateAsync(
            request.SiteId, parts.Settings.MaximumAttempts, new PoolId(request.PathId()), change, request.Cancellation).ConfigureAwait(false)
            ?? throw Missing("pool", request);
        parts.Host.Wake();
        await request.AnswerAsync(PoolModels.Pool, pool).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(ApiRequest request, ServerParts parts)
    {
        var pool = await PoolAsync(request, parts).ConfigureAwait(false);
        if (!await parts.Store.Pools.DeleteAsync(request.SiteId, pool.Id, request.Cancellation).ConfigureAwait(false))
        {
            throw Missing("pool", request);
        }

        parts.Host.Wake();
        await request.AnswerAsync(PoolModels.Pool, pool).ConfigureAwait(false);
    }

    private static async Task ListRulesAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(PoolModels.Rules, await RulesAsync(request, parts).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task ReadRuleAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(PoolModels.Rule, await RuleAsync(request, parts).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task CreateRuleAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var rule = await parts.Store.Pools.CreateRuleAsync(
            request.SiteId,
            new PoolId(body.Id(PoolModels.PoolId)),
            Priority(body.Count(PoolModels.Priority)),
            PoolConditionText.Read(body.List(PoolModels.Conditions)),
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(PoolModels.Rule, rule, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task ChangeRuleAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var change = new PoolRuleChange(
            body.IdOrNull(PoolModels.ChangedPoolId) is { } pool ? new PoolId(pool) : null,
            body.CountOrNull(PoolModels.ChangedPriority) is { } priority ? Priority(priority) : null,
            body.ListOrNull(PoolModels.ChangedConditions) is { } conditions ? PoolConditionText.Read(conditions) : null);
        var rule = await parts.Store.Pools.UpdateRuleAsync(request.SiteId, request.PathId(), change, request.Cancellation).ConfigureAwait(false)
            ?? throw Missing("pool rule", request);
        await request.AnswerAsync(PoolModels.Rule, rule).ConfigureAwait(false);
    }

    private static async Task DeleteRuleAsync(ApiRequest request, ServerParts parts)
    {
        var rule = await RuleAsync(request, parts).ConfigureAwait(false);
        if (!await parts.Store.Pools.DeleteRuleAsync(request.SiteId, rule.Id, request.Cancellation).ConfigureAwait(false))
        {
            throw Missing("pool rule", request);
        }

        await request.AnswerAsync(PoolModels.Rule, rule).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<StoredPool>> PoolsAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        return parts.Store.Pools.ListAsync(request.SiteId, parts.Settings.MaximumAttempts, request.Cancellation);
    }

    private static Task<IReadOnlyList<StoredPoolRule>> RulesAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        return parts.Store.Pools.ListRulesAsync(request.SiteId, request.Cancellation);
    }

    private static async Task<StoredPool> PoolAsync(ApiRequest request, ServerParts parts) =>
        (await PoolsAsync(request, parts).ConfigureAwait(false)).FirstOrDefault(p => p.Id.Value == request.PathId()) ?? throw Missing("pool", request);

    private static async Task<StoredPoolRule> RuleAsync(ApiRequest request, ServerParts parts) =>
        (await RulesAsync(request, parts).ConfigureAwait(false)).FirstOrDefault(r => r.Id == request.PathId()) ?? throw Missing("pool rule", request);

    private static string Name(string name) => name.Length is > 0 and <= LongestName
        ? name
        : throw new ApiException(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"name must have 1 to {LongestName} characters"));

    private static int Priority(int priority) => priority is >= 1 and <= LowestPriority
        ? priority
        : throw new ApiException(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"priority must be 1 to {LowestPriority}"));

    private static ApiException Missing(string what, ApiRequest request) =>
        new(NotFound, string.Create(CultureInfo.InvariantCulture, $"Resource does not exist: {what} id={request.PathId()}"));
}
