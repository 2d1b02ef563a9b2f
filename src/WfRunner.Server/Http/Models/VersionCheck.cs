namespace WfRunner.Server.Http.Models;

/// <summary>Whether a client suits the server.</summary>
internal sealed record VersionCheck(string ServerVersion, bool IsUpgradeRecommended, bool IsCompatible);
