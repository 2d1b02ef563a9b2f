using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace WfRunner.Client;

/// <summary>No answer came from the server.</summary>
public sealed class ServerUnreachableException : Exception
{
    private ServerUnreachableException(string message, Exception inner, bool isUnsent, bool isPermanent)
        : base(message, inner)
    {
        IsUnsent = isUnsent;
        IsPermanent = isPermanent;
    }

    /// <summary>Whether it is certain that the server did not get the request.</summary>
    public bool IsUnsent { get; }

    /// <summary>Whether another try would end the same way.</summary>
    public bool IsPermanent { get; }

    /// <summary>Whether the request was a write that the server may have done although no answer came.</summary>
    public bool MayHaveBeenDone { get; internal set; }

    /// <summary>The failure of a request.</summary>
    /// <param name="url">What was asked.</param>
    /// <param name="failure">Why no answer came.</param>
    /// <returns>The failure.</returns>
    internal static ServerUnreachableException Of(Uri url, HttpRequestException failure)
    {
        var isUnsent = failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        return isUnsent
            ? new(
                $"cannot connect to {Server(url)}: {ReasonOf(failure)}",
                failure,
                isUnsent: true,
                isPermanent: failure.HttpRequestError == HttpRequestError.SecureConnectionError)
            : Broken(url, failure);
    }

    /// <summary>The connection broke before the whole answer was here.</summary>
    /// <param name="url">What was asked.</param>
    /// <param name="failure">Why.</param>
    /// <returns>The failure.</returns>
    internal static ServerUnreachableException Broken(Uri url, Exception failure) => new(
        $"{Server(url)} closed the connection before its answer was complete: {ReasonOf(failure)}", failure, isUnsent: false, isPermanent: false);

    /// <summary>The server was silent for too long.</summary>
    /// <param name="url">What was asked.</param>
    /// <param name="timeout">For how long.</param>
    /// <param name="failure">The end of the wait.</param>
    /// <returns>The failure.</returns>
    internal static ServerUnreachableException TimedOut(Uri url, TimeSpan timeout, Exception failure) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Server(url)} did not answer within {timeout.TotalSeconds:0} seconds (client.http.timeout sets another limit)"),
        failure,
        isUnsent: false,
        isPermanent: true);

    private static string Server(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static string ReasonOf(Exception failure) => failure.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "unknown host",
        SocketException socket => socket.Message,
        AuthenticationException tls => tls.InnerException?.Message ?? tls.Message,
        { } inner => inner.Message,
        null => failure.Message,
    };
}
