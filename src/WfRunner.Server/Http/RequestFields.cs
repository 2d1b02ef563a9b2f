using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Server.Http;

/// <summary>Reads the keys of request bodies. Ids may be texts or numbers; null counts as absent. Digdag behaviour: rest-api 3, 6.12.</summary>
internal static class RequestFields
{
    public static long Id(this ConfigMap body, string key) => Present(body, key) switch
    {
        ConfigInteger i when i.Value > BigInteger.Zero && i.Value <= long.MaxValue => (long)i.Value,
        ConfigText t when long.TryParse(t.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) => id,
        ConfigText t => throw Bad($"For input string: \"{t.Value}\""),
        _ => throw Bad($"{key} must be an id"),
    };

    public static string? TextOrNull(this ConfigMap body, string key) => body[key] switch
    {
        null or ConfigNull => null,
        ConfigText t => t.Value,
        _ => throw Bad($"{key} must be a string"),
    };

    public static string Text(this ConfigMap body, string key) => TextOrNull(body, key) ?? throw Missing(key);

    public static bool? FlagOrNull(this ConfigMap body, string key) => body[key] switch
    {
        null or ConfigNull => null,
        ConfigBoolean b => b.Value,
        _ => throw Bad($"{key} must be true or false"),
    };

    public static bool Flag(this ConfigMap body, string key) => FlagOrNull(body, key) ?? throw Missing(key);

    public static int? CountOrNull(this ConfigMap body, string key) => body[key] switch
    {
        null or ConfigNull => null,
        ConfigInteger i when i.Value >= BigInteger.Zero && i.Value <= int.MaxValue => (int)i.Value,
        _ => throw Bad($"{key} must be a number of at least 0"),
    };

    public static Instant? InstantOrNull(this ConfigMap body, string key) =>
        TextOrNull(body, key) is { } text ? ApiTime.ReadInstant(text) ?? throw Bad($"Invalid timestamp format: {text}") : null;

    public static Instant Instant(this ConfigMap body, string key) => InstantOrNull(body, key) ?? throw Missing(key);

    public static Instant? LocalOrInstantOrNull(this ConfigMap body, string key, DateTimeZone zone) => TextOrNull(body, key) is { } text
        ? ApiTime.ReadLocalOrInstant(text, zone) ?? throw Bad($"Invalid timestamp format: {text}")
        : null;

    public static ConfigMap Object(this ConfigMap body, string key) =>
        Present(body, key) as ConfigMap ?? throw Bad($"{key} must be an object");

    public static ConfigMap? ObjectOrNull(this ConfigMap body, string key) => body[key] switch
    {
        null or ConfigNull => null,
        ConfigMap map => map,
        _ => throw Bad($"{key} must be an object"),
    };

    private static ConfigValue Present(ConfigMap body, string key) => body[key] is { IsNull: false } value ? value : throw Missing(key);

    private static ApiException Missing(string key) => Bad($"{key} is required");

    private static ApiException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
