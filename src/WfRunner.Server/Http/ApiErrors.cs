using Microsoft.AspNetCore.Http;
using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Projects;
using WfRunner.Storage;

namespace WfRunner.Server.Http;

/// <summary>Turns failures into answers. Digdag behaviour: rest-api 4; faults are JSON too, and tell nothing about the inside.</summary>
internal sealed class ApiErrors(LogOutput log)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http).ConfigureAwait(false);
            await ExplainAsync(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var (status, message) = Describe(e, http);
            await ApiRequest.WriteErrorAsync(http, status, message).ConfigureAwait(false);
        }
    }

    // Routing answers unknown paths and wrong methods with a bare status.
    private static async Task ExplainAsync(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.ContentType is not null)
        {
            return;
        }

        var path = http.Request.Path;
        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status405MethodNotAllowed when HttpMethods.IsOptions(http.Request.Method):
                await AnswerOptionsAsync(http).ConfigureAwait(false);
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await ApiRequest.WriteErrorAsync(
                    http, StatusCodes.Status405MethodNotAllowed, $"{http.Request.Method} is not allowed on {path}").ConfigureAwait(false);
                break;
            case StatusCodes.Status404NotFound:
                await ApiRequest.WriteErrorAsync(http, StatusCodes.Status404NotFound, $"Resource does not exist: {path}").ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    private static async Task AnswerOptionsAsync(HttpContext http)
    {
        var allowed = http.Response.Headers.Allow.ToString() + ", OPTIONS";
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.Headers.Allow = allowed;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync(allowed, http.RequestAborted).ConfigureAwait(false);
    }

    private (int Status, string Message) Describe(Exception failure, HttpContext http)
    {
        switch (failure)
        {
            case ApiException api:
                return (api.Status, api.Message);
            case StoreUnavailableException away:
                http.Response.Headers.RetryAfter = "1";
                return (StatusCodes.Status503ServiceUnavailable, away.Message);
            case ArchiveStorageException archive:
                return (StatusCodes.Status500InternalServerError, archive.Message);
            case ObjectStoreException store:
                log.WriteMain(TaskLogLevel.Error, $"Request {http.TraceIdentifier} failed: {store.Message}");
                return (StatusCodes.Status500InternalServerError, $"The storage that this is kept in failed (request {http.TraceIdentifier}; see the server's log)");
            case WorkflowException w when StatusOf(w.Kind) is { } status:
                return (status, w.Message);
            case BadHttpRequestException bad:
                return (StatusCodes.Status400BadRequest, bad.Message);
            default:
                var id = http.TraceIdentifier;
                log.WriteMain(TaskLogLevel.Error, $"Request {id} {http.Request.Method} {http.Request.Path.ToUriComponent()} failed\n{failure}");
                return (StatusCodes.Status500InternalServerError, $"Internal server error (request {id}; see the server's log)");
        }
    }

    private static int? StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.ResourceNotFound or FailureKind.NoSuchFile => StatusCodes.Status404NotFound,
        FailureKind.ResourceConflict => StatusCodes.Status409Conflict,
        FailureKind.Database or FailureKind.IllegalState => null,
        _ => StatusCodes.Status400BadRequest,
    };
}
