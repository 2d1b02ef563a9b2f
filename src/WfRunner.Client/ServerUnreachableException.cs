namespace WfRunner.Client;

/// <summary>No answer came from the server.</summary>
public sealed class ServerUnreachableException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="reason">Why, in few words.</param>
    /// <param name="inner">The cause.</param>
    public ServerUnreachableException(Uri endpoint, string reason, Exception inner)
        : base($"cannot connect to {endpoint?.GetLeftPart(UriPartial.Authority)}: {reason}", inner)
    {
    }
}
