using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http;

/// <summary>
/// A request's body. Only keys that its model declares can be read. Ids may be texts or numbers; null counts as absent; a single value of
/// another type is taken for what it says, as Digdag's reader takes it: <c>"true"</c>, <c>"2"</c>, <c>5</c>. Digdag behaviour: rest-api 3, 6.12.
/// </summary>
internal sealed class RequestBody(ConfigMap body, BodyModel model)
{
    public long Id(BodyField field) => Present(field) switch
    {
        ConfigInteger i when i.Value > BigInteger.Zero && i.Value <= long.MaxValue => (long)i.Value,
        ConfigText t when long.TryParse(t.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) => id,
        ConfigText t => throw Bad($"For input string: \"{t.Value}\""),
        _ => throw Bad($"{field.Name} must be an id"),
    };

    public long? IdOrNull(BodyField field) => Value(field) is null ? null : Id(field);

    public string? TextOrNull(BodyField field) => Value(field) switch
    {
        null => null,
        ConfigText t => t.Value,
        ConfigInteger or ConfigFloat or ConfigBoolean => Value(field)!.ToString(),
        _ => throw Bad($"{field.Name} must be a string"),
    };

    public string Text(BodyField field) => TextOrNull(field) ?? throw Missing(field);

    public bool? FlagOrNull(BodyField field) => Value(field) switch
    {
        null => null,
        ConfigBoolean b => b.Value,
        ConfigText { Value: "true" or "True" or "TRUE" } => true,
        ConfigText { Value: "false" or "False" or "FALSE" } => false,
        ConfigInteger i => !i.Value.IsZero,
        _ => throw Bad($"{field.Name} must be true or false"),
    };

    public bool Flag(BodyField field) => FlagOrNull(field) ?? throw Missing(field);

    public int? CountOrNull(BodyField field) => Value(field) switch
    {
        null => null,
        ConfigInteger i when i.Value >= BigInteger.Zero && i.Value <= int.MaxValue => (int)i.Value,
        ConfigText t when int.TryParse(t.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
        _ => throw Bad($"{field.Name} must be a number of at least 0"),
    };

    public int Count(BodyField field) => CountOrNull(field) ?? throw Missing(field);

    public ConfigList? ListOrNull(BodyField field) => Value(field) switch
    {
        null => null,
        ConfigList list => list,
        _ => throw Bad($"{field.Name} must be a list"),
    };

    public ConfigList List(BodyField field) => ListOrNull(field) ?? throw Missing(field);

    public Instant? TimeOrNull(BodyField field) =>
        TextOrNull(field) is { } text ? ApiTime.ReadInstant(text) ?? throw Bad($"Invalid timestamp format: {text}") : null;

    public Instant Time(BodyField field) => TimeOrNull(field) ?? throw Missing(field);

    public Instant? LocalOrTimeOrNull(BodyField field, DateTimeZone zone) => TextOrNull(field) is { } text
        ? ApiTime.ReadLocalOrInstant(text, zone) ?? throw Bad($"Invalid timestamp format: {text}")
        : null;

    public ConfigMap Object(BodyField field) => Present(field) as ConfigMap ?? throw Bad($"{field.Name} must be an object");

    /// <summary>An object with a model of its own.</summary>
    public RequestBody? BodyOrNull(BodyField field) => Value(field) switch
    {
        null => null,
        ConfigMap map => new RequestBody(map, field.Model ?? throw new InvalidOperationException($"{field.Name} has no model")),
        _ => throw Bad($"{field.Name} must be an object"),
    };

    private ConfigValue? Value(BodyField field) => !model.Declares(field)
        ? throw new InvalidOperationException($"{model.Name} does not declare {field.Name}")
        : body[field.Name] is { IsNull: false } value ? value : null;

    private ConfigValue Present(BodyField field) => Value(field) ?? throw Missing(field);

    private static ApiException Missing(BodyField field) => Bad($"{field.Name} is required");

    private static ApiException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
