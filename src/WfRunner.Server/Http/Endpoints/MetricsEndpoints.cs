using System.Text;
using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Metrics;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Metrics for Prometheus. Whoever may use the API may read them; <c>metrics.public</c> opens them to everybody.</summary>
internal static class MetricsEndpoints
{
    /// <summary>Where metrics are.</summary>
    public const string Path = "/metrics";

    private static readonly Duration LateAfter = Duration.FromMinutes(1);

    public static void Map(ApiRoutes routes, ServerParts parts, MetricsRecorder recorder)
    {
        var metrics = new ApiOperation("getMetrics", HttpMethods.Get, Path, "Metrics in Prometheus's text format")
        {
            Tag = "server",
            Produces = PrometheusText.ContentType,
            IsOpen = parts.Settings.HasPublicMetrics,
        };
        routes.Add(metrics.AsAddition(), r => ReadAsync(r, parts, recorder));
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts, MetricsRecorder recorder)
    {
        var store = parts.Store.Overview;
        var now = parts.Clock.GetCurrentInstant();
        var attempts = await store.CountAttemptsAsync(request.SiteId, now, request.Cancellation).ConfigureAwait(false);
        var late = await store.CountDueSchedulesAsync(request.SiteId, now - LateAfter, request.Cancellation).ConfigureAwait(false);
        parts.Meter.Stored = new ServerMeter.StoredNumbers(attempts.Running, attempts.Queued, late);
        var text = Encoding.UTF8.GetBytes(PrometheusText.Write(recorder.Read()));
        request.Http.Response.ContentType = PrometheusText.ContentType;
        request.Http.Response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(request.Http.Request.Method))
        {
            await request.Http.Response.Body.WriteAsync(text, request.Cancellation).ConfigureAwait(false);
        }
    }
}
