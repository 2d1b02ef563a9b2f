using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Sql;

/// <summary>
/// Values of PostgreSQL, which arrive in its text form, as parameters and as text of files. Digdag behaviour: operators-core
/// 10.3: both are what Java makes of them.
/// </summary>
internal static class PgValue
{
    private static readonly LocalDateTimePattern DateTimeIn =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss.FFFFFF");

    private static readonly LocalDatePattern DateIn = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");

    /// <summary>The value as text of a file.</summary>
    /// <param name="text">The server's text.</param>
    /// <param name="type">The server's name of the type.</param>
    public static string Text(string text, string type) => BaseName(type) switch
    {
        "boolean" => text == "t" ? "true" : "false",
        "double precision" => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? JavaNumberText.Of(number) : text,
        "real" => float.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? JavaNumberText.Of(double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
            : text,
        "timestamp without time zone" => text.Contains('.', StringComparison.Ordinal) || !char.IsAsciiDigit(text[0]) ? text : text + ".0",
        "timestamp with time zone" when TryLocal(text, out var local) => local.Contains('.', StringComparison.Ordinal) ? local : local + ".0",
        _ => text,
    };

    /// <summary>The value as a parameter.</summary>
    /// <param name="text">The server's text.</param>
    /// <param name="type">The server's name of the type.</param>
    /// <param name="zone">The zone that times without one are in.</param>
    public static ConfigValue Parameter(string text, string type, DateTimeZone zone) => BaseName(type) switch
    {
        "boolean" => ConfigBoolean.Of(text == "t"),
        "smallint" or "integer" or "bigint" or "oid" or "numeric" or "double precision" or "real" => Number(text),
        "date" => DateIn.Parse(text) is { Success: true } date ? Milliseconds(date.Value.AtMidnight(), zone) : text,
        "timestamp without time zone" => DateTimeIn.Parse(text) is { Success: true } time ? Milliseconds(time.Value, zone) : text,
        "timestamp with time zone" =>
            TryLocal(text, out var local) && DateTimeIn.Parse(local) is { Success: true } time ? Milliseconds(time.Value, zone) : text,
        "bytea" => text.StartsWith("\\x", StringComparison.Ordinal) ? Convert.ToBase64String(Convert.FromHexString(text.AsSpan(2))) : text,
        _ => text,
    };

    // numeric(10,2) is a numeric, timestamp(3) without time zone a timestamp.
    private static string BaseName(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = open < 0 ? -1 : type.IndexOf(')', open);
        return close < 0 ? type : type[..open] + type[(close + 1)..];
    }

    private static ConfigValue Number(string text)
    {
        try
        {
            return ConfigJson.Parse(text);
        }
        catch (JsonException)
        {
            // NaN and Infinity are no numbers of JSON.
            return text;
        }
    }

    // The session's zone is this process's, so the offset adds nothing.
    private static bool TryLocal(string text, out string local)
    {
        var sign = text.LastIndexOfAny(['+', '-']);
        local = sign > "2000-01-01".Length ? text[..sign] : text;
        return sign > "2000-01-01".Length;
    }

    private static ConfigValue Milliseconds(LocalDateTime local, DateTimeZone zone) =>
        zone.ResolveLocal(local, NodaTime.TimeZones.Resolvers.LenientResolver).ToInstant().ToUnixTimeMilliseconds();
}
