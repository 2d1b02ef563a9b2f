namespace WfRunner.Client.Models;

/// <summary>What a server says about this client's version.</summary>
/// <param name="ServerVersion">The server's version.</param>
/// <param name="IsUpgradeRecommended">Whether a newer client is recommended.</param>
/// <param name="IsCompatible">Whether this client can be used at all.</param>
public sealed record VersionAnswer(string ServerVersion, bool IsUpgradeRecommended, bool IsCompatible);
