using System.Net;

namespace WfRunner.Client;

/// <summary>The server refused a request, or failed.</summary>
public sealed class ServerAnswerException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="status">Status of the answer.</param>
    /// <param name="reason">Its reason phrase.</param>
    /// <param name="body">Its body as text; empty when there is none.</param>
    public ServerAnswerException(HttpStatusCode status, string reason, string body)
        : base(body.Length > 0 ? body : $"HTTP {(int)status} {reason}")
    {
        Status = (int)status;
        Reason = reason;
        Body = body;
    }

    /// <summary>Status of the answer.</summary>
    public int Status { get; }

    /// <summary>Its reason phrase.</summary>
    public string Reason { get; }

    /// <summary>Whether an earlier try of the same write got no answer, so that the refusal may be about what that try did.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>How long the server asks to wait; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Its body as text, normally the JSON with <c>message</c> and <c>status</c>.</summary>
    public string Body { get; }
}
