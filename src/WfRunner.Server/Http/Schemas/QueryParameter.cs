using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>A parameter in a request's query. An operation declares those it takes, and can read no other.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What values it has.</param>
/// <param name="Description">What it does.</param>
internal sealed record QueryParameter(string Name, ConfigMap Schema, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be given several times.</summary>
    public bool Repeats { get; init; }
}
