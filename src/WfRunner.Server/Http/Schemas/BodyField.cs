using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>A key of a request's body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What values it has.</param>
internal sealed record BodyField(string Name, ConfigMap Schema)
{
    /// <summary>Whether it may be left out or null.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The model of the object that it holds, if it holds one.</summary>
    public BodyModel? Model { get; init; }

    /// <summary>The same, but it may be left out or null.</summary>
    public BodyField Optional => this with { IsOptional = true, Schema = Schemas.Schema.Nullable(Schema) };

    public static BodyField Of(string name, BodyModel model) => new(name, Schemas.Schema.Reference(model)) { Model = model };
}
