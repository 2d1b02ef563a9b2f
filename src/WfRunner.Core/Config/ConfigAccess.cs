using System.Globalization;
using System.Numerics;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Config;

/// <summary>
/// Typed access to keys of a map with Digdag's coercions and messages (dig-language 3.2). Required readers fail on a missing
/// key and on null; the <c>…Or</c> readers take the default for both. Every failure is a <see cref="ConfigException"/> that
/// carries the place of the value.
/// </summary>
public static class ConfigAccess
{
    private const int QuotedJsonLimit = 100;

    /// <summary>A required text: texts as they are, numbers and booleans as their JSON.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The text.</returns>
    public static string GetString(this ConfigMap map, string key) => AsString(key, Required(map, key));

    /// <summary>An optional text.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The text, or null for a missing key and for JSON null.</returns>
    public static string? GetStringOrNull(this ConfigMap map, string key) =>
        Optional(map, key) is { } value ? AsString(key, value) : null;

    /// <summary>A text with a default.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value for a missing key and for null.</param>
    /// <returns>The text.</returns>
    public static string GetStringOr(this ConfigMap map, string key, string fallback) => GetStringOrNull(map, key) ?? fallback;

    /// <summary>A required 32-bit integer; fractions are truncated as Digdag does, out-of-range values refused.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number.</returns>
    public static int GetInt32(this ConfigMap map, string key) => (int)AsInteger(key, Required(map, key), int.MinValue, int.MaxValue, "integer (int) type")!;

    /// <summary>An optional 32-bit integer.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number, or null for a missing key, JSON null and the empty text.</returns>
    public static int? GetInt32OrNull(this ConfigMap map, string key) => Optional(map, key) is { } value
        ? (int?)AsInteger(key, value, int.MinValue, int.MaxValue, "integer (int) type", emptyIsAbsent: true)
        : null;

    /// <summary>A required 64-bit integer.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number.</returns>
    public static long GetInt64(this ConfigMap map, string key) => (long)AsInteger(key, Required(map, key), long.MinValue, long.MaxValue, "integer (long) type")!;

    /// <summary>An optional 64-bit integer.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number, or null for a missing key, JSON null and the empty text.</returns>
    public static long? GetInt64OrNull(this ConfigMap map, string key) => Optional(map, key) is { } value
        ? (long?)AsInteger(key, value, long.MinValue, long.MaxValue, "integer (long) type", emptyIsAbsent: true)
        : null;

    /// <summary>A boolean with a default; numbers, <c>"true"</c>, <c>"false"</c> and the empty text count (dig-language 3.2).</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value for a missing key and for null.</param>
    /// <returns>The truth value.</returns>
    public static bool GetBooleanOr(this ConfigMap map, string key, bool fallback) =>
        Optional(map, key) is { } value ? AsBoolean(key, value) : fallback;

    /// <summary>A required boolean.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The truth value.</returns>
    public static bool GetBoolean(this ConfigMap map, string key) => AsBoolean(key, Required(map, key));

    /// <summary>A required object.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The object.</returns>
    public static ConfigMap GetMap(this ConfigMap map, string key) => AsMap(key, Required(map, key));

    /// <summary>An optional object: missing and null give the empty one.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The object.</returns>
    public static ConfigMap GetMapOrEmpty(this ConfigMap map, string key) =>
        Optional(map, key) is { } value ? AsMap(key, value) : ConfigMap.Empty;

    /// <summary>A required list; a single value is not wrapped.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The elements.</returns>
    public static IReadOnlyList<ConfigValue> GetList(this ConfigMap map, string key) => AsList(key, Required(map, key));

    /// <summary>An optional list: missing and null give the empty one.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The elements.</returns>
    public static IReadOnlyList<ConfigValue> GetListOrEmpty(this ConfigMap map, string key) =>
        Optional(map, key) is { } value ? AsList(key, value) : [];

    /// <summary>
    /// An object that may also be given as text holding JSON, since a template always yields text (<c>parseNested</c>).
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The object.</returns>
    public static ConfigMap ParseMap(this ConfigMap map, string key) => AsMap(key, ParseText(Required(map, key)));

    /// <summary>A list that may also be given as text holding JSON (<c>parseList</c>).</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <returns>The elements.</returns>
    public static IReadOnlyList<ConfigValue> ParseList(this ConfigMap map, string key) => AsList(key, ParseText(Required(map, key)));

    /// <summary>A task value: an object, or an array of objects whose keys are applied in order (<c>orderedNested</c>).</summary>
    /// <param name="key">The key, for messages.</param>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    /// <exception cref="WorkflowException">The value is neither.</exception>
    public static ConfigMap AsOrderedMap(string key, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        switch (value)
        {
            case ConfigMap map:
                return map;
            case ConfigList list:
                var builder = new ConfigMapBuilder();
                foreach (var item in list.Items)
                {
                    if (item is not ConfigMap inner)
                    {
                        throw new WorkflowException(FailureKind.RuntimeJsonMapping, $"Expected object but got {item}", item.Span ?? value.Span)
                        {
                            Rule = DiagnosticRules.TaskNotAnObject,
                        };
                    }

                    foreach (var entry in inner)
                    {
                        builder.Set(entry);
                    }
                }

                return builder.Build(list.Span);
            default:
                throw new ConfigException($"Parameter '{key}' must be an object or array of objects", value.Span) { Rule = DiagnosticRules.TaskNotAnObject };
        }
    }

    /// <summary>The text of a scalar, as templates' results and environment variables print it.</summary>
    /// <param name="key">The key, for messages.</param>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static string AsString(string key, ConfigValue value) => value switch
    {
        ConfigText t => t.Value,
        ConfigBoolean or ConfigInteger or ConfigFloat => ConfigJson.Write(value),
        null => throw new ArgumentNullException(nameof(value)),
        _ => throw Mismatch("string type", key, value),
    };

    /// <summary>The truth value of a scalar.</summary>
    /// <param name="key">The key, for messages.</param>
    /// <param name="value">The value.</param>
    /// <returns>The truth value.</returns>
    public static bool AsBoolean(string key, ConfigValue value) => value switch
    {
        ConfigBoolean b => b.Value,
        ConfigInteger i => !i.Value.IsZero,
        ConfigText { Value: var text } when text.Trim() is "true" or "True" or "TRUE" => true,
        ConfigText { Value: var text } when text.Trim() is "false" or "False" or "FALSE" or "" or "null" => false,
        null => throw new ArgumentNullException(nameof(value)),
        _ => throw Mismatch("'true' or 'false'", key, value),
    };

    /// <summary>The failure for a value of the wrong type.</summary>
    /// <param name="type">The wanted type in Digdag's words, for example <c>string type</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value found.</param>
    /// <returns>The exception to throw.</returns>
    public static ConfigException Mismatch(string type, string key, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ConfigException(MismatchText(type, key, value), value.Span);
    }

    /// <summary>The words for a value of the wrong type.</summary>
    /// <param name="type">The wanted type in Digdag's words.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value found.</param>
    /// <returns>One sentence that quotes at most 100 characters of the value.</returns>
    public static string MismatchText(string type, string key, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var json = value.ToString();
        if (json.Length >= QuotedJsonLimit)
        {
            json = string.Concat(json.AsSpan(0, QuotedJsonLimit - 3), "...");
        }

        return $"Expected {type} for key '{key}' but got {json} ({KindWord(value.Kind)})";
    }

    private static string KindWord(ConfigValueKind kind) => kind switch
    {
        ConfigValueKind.Null => "null",
        ConfigValueKind.Boolean => "boolean",
        ConfigValueKind.Number => "number",
        ConfigValueKind.String => "string",
        ConfigValueKind.Array => "array",
        ConfigValueKind.Object => "object",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static ConfigValue? Optional(ConfigMap map, string key)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map[key] is { IsNull: false } value ? value : null;
    }

    private static ConfigValue Required(ConfigMap map, string key)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!map.TryGet(key, out var value))
        {
            throw new ConfigException($"Parameter '{key}' is required but not set", map.Span);
        }

        return value.IsNull
            ? throw new ConfigException($"Parameter '{key}' is required but null", map.KeySpan(key))
            : value;
    }

    private static ConfigMap AsMap(string key, ConfigValue value) =>
        value as ConfigMap ?? throw new ConfigException($"Parameter '{key}' must be an object", value.Span);

    private static IReadOnlyList<ConfigValue> AsList(string key, ConfigValue value) =>
        (value as ConfigList)?.Items ?? throw Mismatch("array type", key, value);

    private static ConfigValue ParseText(ConfigValue value)
    {
        if (value is not ConfigText text)
        {
            return value;
        }

        try
        {
            return ConfigJson.Parse(text.Value);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ConfigException(e.Message, value.Span, e);
        }
    }

    private static BigInteger? AsInteger(
        string key, ConfigValue value, BigInteger least, BigInteger most, string type, bool emptyIsAbsent = false)
    {
        var number = value switch
        {
            ConfigInteger i => i.Value,
            ConfigFloat f => new BigInteger(Math.Truncate(f.Value)),
            ConfigText { Value: var text } => FromText(text.Trim()),
            _ => throw Mismatch(type, key, value),
        };
        if (number is { } found && (found < least || found > most))
        {
            throw Mismatch(type, key, value);
        }

        return number;

        BigInteger? FromText(string text)
        {
            if (text is "" or "null")
            {
                return emptyIsAbsent ? null : BigInteger.Zero;
            }

            return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : throw Mismatch(type, key, value);
        }
    }
}
