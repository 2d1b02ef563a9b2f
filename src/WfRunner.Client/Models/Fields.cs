using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>
/// Reads the server's answers. Old servers leave keys out, new ones add some; ids come as texts or numbers (rest-api 12).
/// </summary>
internal static class Fields
{
    public static string Text(this ConfigMap map, string key) => TextOrNull(map, key) ?? throw Missing(key);

    public static string? TextOrNull(this ConfigMap map, string key) =>
        map[key] is { IsNull: false } value ? ConfigAccess.AsString(key, value) : null;

    public static long Id(this ConfigMap map, string key) => long.TryParse(Text(map, key), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new InvalidAnswerException($"'{key}' is no id");

    public static long? IdOrNull(this ConfigMap map, string key) => TextOrNull(map, key) is null ? null : Id(map, key);

    public static bool Flag(this ConfigMap map, string key) => map[key] is ConfigBoolean { Value: true };

    public static ConfigMap Object(this ConfigMap map, string key) => map[key] as ConfigMap ?? throw Missing(key);

    public static ConfigMap ObjectOrEmpty(this ConfigMap map, string key) => map[key] as ConfigMap ?? ConfigMap.Empty;

    public static IReadOnlyList<T> List<T>(this ConfigMap map, string key, Func<ConfigMap, T> read) =>
        map[key] is ConfigList list ? [.. list.Items.OfType<ConfigMap>().Select(read)] : throw Missing(key);

    public static Instant Time(this ConfigMap map, string key) => TimeOrNull(map, key) ?? throw Missing(key);

    public static Instant? TimeOrNull(this ConfigMap map, string key) => TextOrNull(map, key) is { } text ? Offset(text, key).ToInstant() : null;

    public static OffsetDateTime OffsetTime(this ConfigMap map, string key) => Offset(Text(map, key), key);

    private static OffsetDateTime Offset(string text, string key) => OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time }
        ? time
        : throw new InvalidAnswerException($"'{key}' is no time");

    private static InvalidAnswerException Missing(string key) => new($"'{key}' is missing");
}
