using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>What a request carries, and as what type. Digdag behaviour: operators-core 9.1, the content table.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="MediaType">The value of Content-Type, unless a header is given for it.</param>
internal sealed record HttpBody(byte[] Bytes, string MediaType)
{
    // The type is Digdag's; servers of its users may have got used to it.
    private const string TextType = "plain/text";
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Reads <c>content</c>, <c>content_format</c> and <c>content_type</c>.</summary>
    /// <returns>The body, or null when there is no content.</returns>
    public static HttpBody? Of(ConfigMap options, IOperatorContext context)
    {
        if (options["content"] is not { IsNull: false } given)
        {
            return null;
        }

        var value = SecretTemplate.Replace(given, context.Secrets);
        var format = FormatOf(options);
        var type = options.GetStringOrNull("content_type");
        return (value, format) switch
        {
            (ConfigMap map, Format.Form) => new(Encoding.UTF8.GetBytes(FormText.Of(Fields(map))), FormType),
            (ConfigMap or ConfigList, Format.Inferred or Format.Json) => new(Encoding.UTF8.GetBytes(ConfigJson.Write(value)), type ?? JsonType),
            (ConfigMap or ConfigList, _) or (_, Format.Form) => throw new ConfigException(
                $"Invalid content format for {KindName(value)}: '{options.GetString("content_format")}'", options["content_format"]?.Span),
            (_, Format.Json) => new(Encoding.UTF8.GetBytes(ConfigJson.Write(value)), type ?? JsonType),
            _ => new(Encoding.UTF8.GetBytes(FormText.ScalarText(value)!), type ?? TextType),
        };
    }

    private static Format FormatOf(ConfigMap options) => options.GetStringOrNull("content_format")?.ToLowerInvariant() switch
    {
        null => Format.Inferred,
        "text" => Format.Text,
        "json" => Format.Json,
        "form" => Format.Form,
        var unknown => throw new ConfigException($"Unknown content_format: {unknown} (text, json or form)", options["content_format"]?.Span),
    };

    private static IEnumerable<KeyValuePair<string, string>> Fields(ConfigMap map)
    {
        foreach (var (key, value, _) in map)
        {
            yield return new(key, FormText.ScalarText(value)
                ?? throw new ConfigException($"Invalid form content field value: {ConfigJson.Write(value)}", value.Span));
        }
    }

    private static string KindName(ConfigValue value) => value switch
    {
        ConfigMap => "objects",
        ConfigList => "arrays",
        ConfigBoolean => "booleans",
        ConfigText => "strings",
        _ => "numbers",
    };

    private enum Format
    {
        Inferred,
        Text,
        Json,
        Form,
    }
}
