using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace WfRunner.Core.Config;

/// <summary>
/// Reads and writes <see cref="ConfigValue"/> as JSON. Writing follows what Digdag's JSON library prints, so that messages
/// match to the letter: compact, non-ASCII unescaped, control characters as <c>\n</c> or <c>\u001B</c>, doubles as Java
/// prints them.
/// </summary>
public static class ConfigJson
{
    /// <summary>The deepest nesting accepted when reading; deeper input is refused rather than risking the stack.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Writes a value compactly.</summary>
    /// <param name="value">The value.</param>
    /// <returns>JSON text.</returns>
    public static string Write(ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var builder = new StringBuilder();
        Append(builder, value);
        return builder.ToString();
    }

    /// <summary>Appends a value compactly.</summary>
    /// <param name="builder">The text so far.</param>
    /// <param name="value">The value.</param>
    public static void Append(StringBuilder builder, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        switch (value)
        {
            case ConfigNull:
                builder.Append("null");
                break;
            case ConfigBoolean b:
                builder.Append(b.Value ? "true" : "false");
                break;
            case ConfigInteger i:
                builder.Append(i.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case ConfigFloat f:
                builder.Append(JavaNumberText.Of(f.Value));
                break;
            case ConfigText t:
                AppendText(builder, t.Value);
                break;
            case ConfigList list:
                AppendList(builder, list);
                break;
            case ConfigMap map:
                AppendMap(builder, map);
                break;
            default:
                throw new InvalidOperationException("unknown config value");
        }
    }

    /// <summary>Appends a JSON string with its quotation marks.</summary>
    /// <param name="builder">The text so far.</param>
    /// <param name="text">The string.</param>
    public static void AppendText(StringBuilder builder, string text)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(text);
        builder.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"':
                    builder.Append("\\\"");
                    break;
                case '\\':
                    builder.Append("\\\\");
                    break;
                case '\n':
                    builder.Append("\\n");
                    break;
                case '\r':
                    builder.Append("\\r");
                    break;
                case '\t':
                    builder.Append("\\t");
                    break;
                case '\b':
                    builder.Append("\\b");
                    break;
                case '\f':
                    builder.Append("\\f");
                    break;
                case < ' ':
                    builder.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
                    break;
                default:
                    builder.Append(c);
                    break;
            }
        }

        builder.Append('"');
    }

    /// <summary>Reads a JSON text.</summary>
    /// <param name="json">The text; white space around the value is allowed, anything else is an error.</param>
    /// <returns>The value, without places.</returns>
    /// <exception cref="JsonException">The text is no JSON, or nested deeper than <see cref="MaximumDepth"/>.</exception>
    public static ConfigValue Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads JSON bytes in UTF-8.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <returns>The value, without places.</returns>
    /// <exception cref="JsonException">The text is no JSON, or nested deeper than <see cref="MaximumDepth"/>.</exception>
    public static ConfigValue Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        if (!reader.Read())
        {
            throw new JsonException("No content to map due to end-of-input");
        }

        var value = Read(ref reader);
        if (reader.Read())
        {
            throw new JsonException("Unexpected content behind the JSON value");
        }

        return value;
    }

    /// <summary>Reads the value that a JSON reader stands on.</summary>
    /// <param name="reader">The reader, on the first token of the value; afterwards on its last.</param>
    /// <returns>The value.</returns>
    public static ConfigValue Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => ConfigNull.Instance,
        JsonTokenType.True => ConfigBoolean.Of(true),
        JsonTokenType.False => ConfigBoolean.Of(false),
        JsonTokenType.String => new ConfigText(ReadText(ref reader)),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.StartObject => ReadMap(ref reader),
        _ => throw new JsonException("Unexpected JSON token " + reader.TokenType),
    };

    /// <summary>Writes a value with a JSON writer, for documents that embed configs.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    public static void WriteTo(Utf8JsonWriter writer, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(Write(value), skipInputValidation: true);
    }

    private static void AppendList(StringBuilder builder, ConfigList list)
    {
        builder.Append('[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
            {
                builder.Append(',');
            }

            Append(builder, list.Items[i]);
        }

        builder.Append(']');
    }

    private static void AppendMap(StringBuilder builder, ConfigMap map)
    {
        builder.Append('{');
        var first = true;
        foreach (var entry in map.Entries)
        {
            if (!first)
            {
                builder.Append(',');
            }

            first = false;
            AppendText(builder, entry.Key);
            builder.Append(':');
            Append(builder, entry.Value);
        }

        builder.Append('}');
    }

    // JSON may name half a surrogate pair; the platform's reader refuses it, Java's and JavaScript's keep it.
    private static string ReadText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.GetString()!;
        }

        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        var builder = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                builder.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                builder.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                builder.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        return builder.ToString();
    }

    private static ConfigValue ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var small))
        {
            return new ConfigInteger(small);
        }

        var text = Encoding.ASCII.GetString(reader.ValueSpan);
        if (text.AsSpan().IndexOfAny(".eE") < 0)
        {
            return new ConfigInteger(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        }

        // JSON has no word for what a double cannot hold; it becomes the text that Java writes for it.
        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? new ConfigFloat(number) : new ConfigText(number > 0 ? "Infinity" : "-Infinity");
    }

    private static ConfigList ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<ConfigValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader));
        }

        return items.Count == 0 ? ConfigList.Empty : new ConfigList(items);
    }

    private static ConfigMap ReadMap(ref Utf8JsonReader reader)
    {
        var builder = new ConfigMapBuilder();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadText(ref reader);
            reader.Read();
            builder.Set(key, Read(ref reader));
        }

        return builder.Build();
    }
}
