using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http;

/// <summary>Answers one request.</summary>
internal delegate Task ApiHandler(ApiRequest request);

/// <summary>The table of the API's operations: what is routed here is what the API's description tells.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, bool asksForUsers)
{
    private readonly List<ApiOperation> _operations = [];

    /// <summary>All operations, in the order they were added.</summary>
    public IReadOnlyList<ApiOperation> Operations => _operations;

    /// <summary>Adds an operation.</summary>
    public void Add(ApiOperation operation, ApiHandler handler)
    {
        _operations.Add(operation);
        RequestDelegate answer = http => Accepts(http.Request.Headers.Accept.ToString(), operation.Produces)
            ? AnswerAsync(http, operation, handler)
            : throw new ApiException(StatusCodes.Status406NotAcceptable, $"This path answers with {operation.Produces}");
        string[] methods = operation.IsGet ? [HttpMethods.Get, HttpMethods.Head] : [operation.Method];
        routes.MapMethods(operation.Path, methods, answer).WithMetadata(operation);
    }

    // The authentication stands before the routing and goes by paths. Should the two ever read a path differently, this keeps it shut.
    private Task AnswerAsync(HttpContext http, ApiOperation operation, ApiHandler handler) =>
        asksForUsers && !operation.IsOpen && http.Features.Get<ApiUser>() is null
            ? throw new ApiException(StatusCodes.Status401Unauthorized, "unauthorized")
            : handler(new ApiRequest(http, operation));

    private static bool Accepts(string accept, string type)
    {
        if (accept.Length == 0)
        {
            return true;
        }

        var bare = type.Split(';')[0];
        var group = bare[..(bare.IndexOf('/', StringComparison.Ordinal) + 1)] + "*";
        return accept.Split(',').Select(range => range.Split(';')[0].Trim()).Any(
            range => range == "*/*" || range.Equals(bare, StringComparison.OrdinalIgnoreCase) || range.Equals(group, StringComparison.OrdinalIgnoreCase));
    }
}
