namespace WfRunner.Query.Backends.TreasureData;

/// <summary>Where the API is and how to be let in.</summary>
/// <param name="Endpoint">Host, with a port where needed.</param>
/// <param name="UsesTls">Whether it is spoken to over TLS.</param>
/// <param name="ApiKey">Reads the key; called again when the service refuses it, because it may have been replaced.</param>
/// <param name="Proxy">The proxy; null to go straight.</param>
internal sealed record TdConnection(string Endpoint, bool UsesTls, Func<string> ApiKey, TdProxy? Proxy)
{
    /// <summary>Scheme and host in front of paths.</summary>
    public string BaseAddress => (UsesTls ? "https://" : "http://") + Endpoint;

    /// <summary>The value of the header for a key. A text with a blank is a whole value already.</summary>
    public static string Authorization(string key) => key.Contains(' ', StringComparison.Ordinal) ? key : "TD1 " + key;

    /// <summary>Without the key, for logs.</summary>
    public override string ToString() => Proxy is null ? BaseAddress : $"{BaseAddress} through the proxy {Proxy}";
}
