using WfRunner.Core;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>A call of the Treasure Data API that failed. Digdag behaviour: operators-td 1.8, with its words.</summary>
public sealed class TdApiException : QueryServiceException
{
    private TdApiException(FailureKind kind, string message, bool isPermanent, Exception? inner = null)
        : base(kind, message, isPermanent, inner)
    {
    }

    /// <summary>Status of the answer; 0 when there was none.</summary>
    public int Status { get; private init; }

    /// <summary>The job that was started before with the same domain key; null when the answer names none.</summary>
    public string? ConflictsWith { get; private init; }

    /// <summary>An error answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="reason">The reason phrase.</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="text">What the service says.</param>
    /// <param name="conflictsWith">The job of the same domain key.</param>
    internal static TdApiException OfAnswer(int status, string reason, string path, string text, string? conflictsWith) =>
        new(KindOf(status), $"[{WordOf(status)}] [{status}:{reason}] API request to {path} has failed: {text}", IsDeterministic(status))
        {
            Status = status,
            ConflictsWith = conflictsWith,
        };

    /// <summary>A request without a usable answer; asking again may help.</summary>
    /// <param name="word">The kind in the API's words, for example <c>SOCKET_ERROR</c>.</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="inner">The cause.</param>
    internal static TdApiException OfTransport(string word, string path, Exception inner) =>
        new(FailureKind.TdClient, $"[{word}] API request to {path} has failed. The root cause: {inner.Message}", isPermanent: false, inner);

    /// <summary>An answer that is not what the API promises; asking again may help.</summary>
    /// <param name="path">Path of the request.</param>
    /// <param name="what">What is wrong with it.</param>
    internal static TdApiException OfContent(string path, string what) =>
        new(FailureKind.TdClient, $"[INVALID_JSON_RESPONSE] API request to {path} has failed: {what}", isPermanent: false);

    /// <summary>A name that the API would refuse.</summary>
    /// <param name="message">What is wrong with it.</param>
    internal static TdApiException OfInput(string message) => new(FailureKind.TdClient, $"[INVALID_INPUT] {message}", isPermanent: true);

    private static bool IsDeterministic(int status) => status is >= 400 and < 500 and not (408 or 429);

    private static string WordOf(int status) => status switch
    {
        401 => "AUTHENTICATION_FAILURE",
        404 => "TARGET_NOT_FOUND",
        407 => "PROXY_AUTHENTICATION_FAILURE",
        409 => "TARGET_ALREADY_EXISTS",
        422 => "INVALID_INPUT",
        >= 400 and < 500 => "CLIENT_ERROR",
        >= 500 and < 600 => "SERVER_ERROR",
        _ => "UNEXPECTED_RESPONSE_CODE",
    };

    private static FailureKind KindOf(int status) => status switch
    {
        401 => FailureKind.TdClientHttpUnauthorized,
        404 => FailureKind.TdClientHttpNotFound,
        409 => FailureKind.TdClientHttpConflict,
        429 => FailureKind.TdClientHttpTooManyRequests,
        _ => FailureKind.TdClientHttp,
    };
}
