using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>JSON schemas, as OpenAPI 3.1 writes them, of the kinds of values that the API knows (rest-api 3).</summary>
internal static class Schema
{
    private const string Components = "#/components/schemas/";

    public static readonly ConfigMap Text = ConfigMap.Of(("type", "string"));

    public static readonly ConfigMap Boolean = ConfigMap.Of(("type", "boolean"));

    /// <summary>An id: decimal digits in a text.</summary>
    public static readonly ConfigMap Id = ConfigMap.Of(("type", "string"), ("pattern", "^[0-9]+$"));

    /// <summary>An id in a request, where a number is taken as well.</summary>
    public static readonly ConfigMap IdOrNumber = ConfigMap.Of(("type", new ConfigList([new ConfigText("string"), new ConfigText("integer")])));

    public static readonly ConfigMap Int32 = ConfigMap.Of(("type", "integer"), ("format", "int32"));

    public static readonly ConfigMap Int64 = ConfigMap.Of(("type", "integer"), ("format", "int64"));

    /// <summary>A number of things.</summary>
    public static readonly ConfigMap Count = Int64.With("minimum", 0L);

    public static readonly ConfigMap Number = ConfigMap.Of(("type", "number"));

    /// <summary>A time in UTC or with an offset.</summary>
    public static readonly ConfigMap Time = ConfigMap.Of(("type", "string"), ("format", "date-time"));

    /// <summary>A time with an offset, or a local time in the workflow's zone.</summary>
    public static readonly ConfigMap LocalOrTime = Text;

    public static readonly ConfigMap Uuid = ConfigMap.Of(("type", "string"), ("format", "uuid"));

    /// <summary>Bytes in Base64.</summary>
    public static readonly ConfigMap Bytes = ConfigMap.Of(("type", "string"), ("contentEncoding", "base64"));

    /// <summary>An object with any keys.</summary>
    public static readonly ConfigMap AnyObject = ConfigMap.Of(("type", "object"), ("additionalProperties", true));

    public static ConfigMap OneOf(params IEnumerable<string> values) =>
        Text.With("enum", new ConfigList(values.Select(v => new ConfigText(v))));

    public static ConfigMap ListOf(ConfigMap item) => ConfigMap.Of(("type", "array"), ("items", item));

    public static ConfigMap Reference(IModel model) => ConfigMap.Of(("$ref", Components + model.Name));

    /// <summary>The schema or null.</summary>
    public static ConfigMap Nullable(ConfigMap schema)
    {
        var none = new ConfigText("null");
        return schema["type"] is ConfigText type
            ? schema.With("type", new ConfigList([type, none]))
            : ConfigMap.Of(("anyOf", new ConfigList([schema, ConfigMap.Of(("type", none))])));
    }

    /// <summary>An object whose keys are all present, unless some are named that may be left out.</summary>
    public static ConfigMap Object(
        string? description, IReadOnlyList<(string Name, ConfigMap Schema)> properties, IReadOnlyCollection<string>? optional = null)
    {
        var required = properties.Select(p => p.Name).Where(n => optional?.Contains(n) != true).Select(n => new ConfigText(n)).ToList();
        var schema = ConfigMap.Of(
            ("type", "object"), ("properties", ConfigMap.Of(properties.Select(p => (p.Name, (ConfigValue)p.Schema)))));
        if (required.Count > 0)
        {
            schema = schema.With("required", new ConfigList(required));
        }

        return description is null ? schema : schema.With("description", description);
    }
}
