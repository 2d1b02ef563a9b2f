namespace WfRunner.Server.Settings;

/// <summary>A program that gives a bearer token.</summary>
/// <param name="Name">What it is called in logs.</param>
/// <param name="Sha256">SHA-256 of the token.</param>
/// <param name="IsAdmin">Whether it may use the admin API.</param>
public sealed record TokenCredentials(string Name, ReadOnlyMemory<byte> Sha256, bool IsAdmin);
