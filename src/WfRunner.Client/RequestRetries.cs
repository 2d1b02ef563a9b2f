using System.Globalization;
using System.Net;
using Polly;
using Polly.Retry;

namespace WfRunner.Client;

/// <summary>
/// When a request is sent again. Reads: up to ten times with growing pauses (rest-api 11.3). Writes whose effect is the same
/// however often they are done: up to five times when no answer comes or a server in between fails. Other writes: only when it is
/// certain that the server did not get them. A <c>Retry-After</c> is honoured up to a minute, and nothing goes on for longer than two.
/// </summary>
/// <param name="settings">Who is told, and the clock.</param>
internal sealed class RequestRetries(ClientSettings settings)
{
    private const int ReadTries = 10;
    private const int WriteTries = 5;

    private static readonly TimeSpan FirstReadPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan FirstWritePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SilentPause = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time = settings.Time;
    private bool _saidRetrying;

    /// <summary>Sends a read.</summary>
    /// <param name="send">One try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<HttpResponseMessage> ReadAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        RunAsync(send, ReadTries, FirstReadPause, IsWorthAnotherRead, cancellationToken);

    /// <summary>Sends a write.</summary>
    /// <param name="send">One try.</param>
    /// <param name="mayRepeat">Whether its effect is the same however often it is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, and whether an earlier try may have been done without an answer.</returns>
    public async Task<(HttpResponseMessage Response, bool IsRepeat)> WriteAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> send, bool mayRepeat, CancellationToken cancellationToken)
    {
        var lost = false;
        try
        {
            var response = await RunAsync(send, WriteTries, FirstWritePause, IsWorthAnotherWrite, cancellationToken).ConfigureAwait(false);
            return (response, lost);
        }
        catch (ServerUnreachableException e) when (!e.IsUnsent || lost)
        {
            e.MayHaveBeenDone = true;
            throw;
        }

        bool IsWorthAnotherWrite(Outcome<HttpResponseMessage> outcome)
        {
            if (IsCertainlyUndone(outcome))
            {
                return true;
            }

            var isLost = outcome.Exception is ServerUnreachableException { IsPermanent: false }
                || outcome.Result?.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout;
            lost |= isLost;
            return isLost && mayRepeat;
        }
    }

    private static bool IsWorthAnotherRead(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: ServerUnreachableException failure } => !failure.IsPermanent,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private static bool IsCertainlyUndone(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: ServerUnreachableException failure } => failure is { IsUnsent: true, IsPermanent: false },
        { Result.StatusCode: HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    private async Task<HttpResponseMessage> RunAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        int tries,
        TimeSpan firstPause,
        Func<Outcome<HttpResponseMessage>, bool> isWorthAnotherTry,
        CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = firstPause,
                MaxDelay = LongestPause,
                ShouldHandle = arguments => ValueTask.FromResult(isWorthAnotherTry(arguments.Outcome) && HasTime(arguments.Outcome.Result)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result)),
                OnRetry = arguments =>
                {
                    SayRetrying(arguments.RetryDelay, arguments.Outcome.Result);
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        return await pipeline.ExecuteAsync(async token => await send(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        bool HasTime(HttpResponseMessage? response)
        {
            var wished = RetryAfter(response) ?? TimeSpan.Zero;
            return wished <= LongestPause && _time.GetElapsedTime(start) + wished < LongestTime;
        }
    }

    /// <summary>How long the server asks to wait.</summary>
    /// <param name="response">Its answer.</param>
    /// <returns>The time, not negative; null when it does not ask.</returns>
    public TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        var wished = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wished is { } pause && pause < TimeSpan.Zero ? TimeSpan.Zero : wished;
    }

    private void SayRetrying(TimeSpan pause, HttpResponseMessage? response)
    {
        if (pause < SilentPause || _saidRetrying)
        {
            return;
        }

        _saidRetrying = true;
        var server = settings.Endpoint.GetLeftPart(UriPartial.Authority);
        settings.Retrying?.Invoke(response is null
            ? $"no answer from {server} yet, trying again"
            : string.Create(CultureInfo.InvariantCulture, $"{server} answers with status {(int)response.StatusCode}, trying again in {pause.TotalSeconds:0.#} s"));
    }
}
