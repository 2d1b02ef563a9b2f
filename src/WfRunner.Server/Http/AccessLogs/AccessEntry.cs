using Microsoft.AspNetCore.Http;
using NodaTime;

namespace WfRunner.Server.Http.AccessLogs;

/// <summary>A request that was answered.</summary>
/// <param name="Http">The request and its answer.</param>
/// <param name="Started">When it came.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Size">Bytes of the answer's body.</param>
internal sealed record AccessEntry(HttpContext Http, ZonedDateTime Started, TimeSpan Duration, long Size)
{
    /// <summary>A request header as it came, null when it is missing.</summary>
    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values.ToString() : null;
}
