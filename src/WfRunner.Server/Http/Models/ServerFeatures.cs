namespace WfRunner.Server.Http.Models;

/// <summary>What a server can do besides Digdag's API.</summary>
/// <param name="Features">Names of the additions.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="BasePath">Path below which the server is reached.</param>
internal sealed record ServerFeatures(IReadOnlyList<string> Features, string Version, string BasePath);
