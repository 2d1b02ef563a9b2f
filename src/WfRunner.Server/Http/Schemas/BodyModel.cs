using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>A JSON object that the API takes.</summary>
/// <param name="name">Name in the API's description.</param>
/// <param name="description">What it is.</param>
/// <param name="fields">Its keys; others are ignored.</param>
internal sealed class BodyModel(string name, string description, params BodyField[] fields) : IModel
{
    public string Name => name;

    public ConfigMap Schema { get; } = Schemas.Schema.Object(
        description, [.. fields.Select(f => (f.Name, f.Schema))], [.. fields.Where(f => f.IsOptional).Select(f => f.Name)]);

    public bool Declares(BodyField field) => fields.Contains(field);
}
