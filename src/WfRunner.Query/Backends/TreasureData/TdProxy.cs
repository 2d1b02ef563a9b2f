namespace WfRunner.Query.Backends.TreasureData;

/// <summary>An HTTP proxy; https goes through it with CONNECT.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">Port.</param>
/// <param name="User">User for basic authentication; null for none.</param>
/// <param name="Password">Password; null for none.</param>
internal sealed record TdProxy(string Host, int Port, string? User, string? Password)
{
    /// <summary>Without the password, for logs.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
