using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace WfRunner.Server.Http;

/// <summary>Answers one request.</summary>
internal delegate Task ApiHandler(ApiRequest request);

/// <summary>The table of the API's paths.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes)
{
    private const string Json = "application/json";
    private const string Gzip = "application/gzip";

    public void Get(string pattern, ApiHandler handler) => Map(pattern, [HttpMethods.Get, HttpMethods.Head], Json, handler);

    public void GetGzip(string pattern, ApiHandler handler) => Map(pattern, [HttpMethods.Get, HttpMethods.Head], Gzip, handler);

    public void Put(string pattern, ApiHandler handler) => Map(pattern, [HttpMethods.Put], Json, handler);

    public void Post(string pattern, ApiHandler handler) => Map(pattern, [HttpMethods.Post], Json, handler);

    public void Delete(string pattern, ApiHandler handler) => Map(pattern, [HttpMethods.Delete], Json, handler);

    private void Map(string pattern, string[] methods, string produces, ApiHandler handler)
    {
        RequestDelegate answer = http => Accepts(http.Request.Headers.Accept.ToString(), produces)
            ? handler(new ApiRequest(http))
            : throw new ApiException(StatusCodes.Status406NotAcceptable, $"This path answers with {produces}");
        routes.MapMethods(pattern, methods, answer);
    }

    private static bool Accepts(string accept, string type)
    {
        if (accept.Length == 0)
        {
            return true;
        }

        var group = type[..(type.IndexOf('/', StringComparison.Ordinal) + 1)] + "*";
        return accept.Split(',').Select(range => range.Split(';')[0].Trim()).Any(
            range => range == "*/*" || range.Equals(type, StringComparison.OrdinalIgnoreCase) || range.Equals(group, StringComparison.OrdinalIgnoreCase));
    }
}
