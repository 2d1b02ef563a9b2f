using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Polling;

namespace WfRunner.Operators.Http;

/// <summary>
/// What <c>http&gt;</c> and <c>http_call&gt;</c> share: a request is sent, and its outcome is a success, a failure, or the wish to
/// try again. Digdag behaviour: operators-core 9.2.
/// </summary>
internal sealed class HttpRun(OperatorRequest request, IOperatorContext context)
{
    private static readonly PollingRetry Retry = new("request");

    /// <summary>The task's parameters with the defaults of the section <c>http</c>.</summary>
    public ConfigMap Options { get; } = request.Config.MergeDefault(request.Config.GetMapOrEmpty("http"));

    /// <summary>System configuration.</summary>
    public HttpSettings Settings { get; } = new(context.SystemConfig);

    /// <summary>Sends the request.</summary>
    /// <param name="secretUri">Whether the address may be the secret <c>http.uri</c>.</param>
    /// <param name="succeed">Makes the outcome of a good answer.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The outcome.</returns>
    public async Task<OperatorOutcome> RunAsync(bool secretUri, Func<HttpAnswer, OperatorOutcome> succeed, CancellationToken cancellationToken)
    {
        var call = HttpCall.Of(Options, secretUri, context);
        var proxies = ProxyChoice.Of(Options, Settings, context.Log);
        context.Log.Info($"Sending HTTP request: {call.Shown}");
        HttpAnswer answer;
        try
        {
            answer = await new HttpExchange(call, Settings, proxies).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TooManyRedirectsException e)
        {
            return RepeatOrFail(call, $"Unexpected HTTP status: {call.Shown} - {e.Answer.Shown} after {Settings.MaximumRedirects} redirects");
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            var message = $"{call.Shown}: {InnermostMessage(e)}";
            context.Log.Warn("Exception without response: " + message);
            return RepeatOrFail(call, message);
        }

        context.Log.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"Received HTTP response: {call.Shown}: HttpContentResponse[HTTP/1.1 {answer.Shown} - {answer.Body.Length} bytes]"));
        return Classify(call, answer) ?? succeed(answer);
    }

    // Null for a good answer.
    private OperatorOutcome? Classify(HttpCall call, HttpAnswer answer)
    {
        var shown = $"{call.Shown} - {answer.Shown}{answer.ShownBody(Settings.LargestStoredContent)}";
        return answer.Status switch
        {
            >= 200 and < 400 => null,
            408 or 429 => Repeat("Failed HTTP request: " + shown),
            >= 400 and < 500 => throw new TaskFailedException("HTTP 4XX Client Error: " + shown),
            >= 500 and < 600 => RepeatOrFail(call, "HTTP 5XX Server Error: " + shown),
            _ => RepeatOrFail(call, "Unexpected HTTP status: " + shown),
        };
    }

    private OperatorOutcome RepeatOrFail(HttpCall call, string message) =>
        call.Repeats ? Repeat(message) : throw new TaskFailedException(message);

    private OperatorOutcome Repeat(string message) => Retry.Again(request, context.Log, $"HTTP request failed. {message}");

    private static string InnermostMessage(Exception e) => e.InnerException is { } inner ? InnermostMessage(inner) : e.Message;
}
