namespace WfRunner.Query.Backends.Trino;

/// <summary>Which certificates of the server are believed.</summary>
/// <param name="AuthorityFile">A PEM file of authorities, absolute or from the project's folder, in place of the system's; null for those.</param>
/// <param name="IsInsecure">Whether any certificate is taken. Only who asks for it gets it.</param>
internal sealed record TrinoTrust(string? AuthorityFile, bool IsInsecure);
