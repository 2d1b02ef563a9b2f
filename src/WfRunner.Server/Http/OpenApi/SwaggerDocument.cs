using WfRunner.Core.Config;

namespace WfRunner.Server.Http.OpenApi;

/// <summary>The API's description in Swagger 2.0, for tools that know no other: the same document, written in the older way.</summary>
internal static class SwaggerDocument
{
    /// <summary>Rewrites a description.</summary>
    public static ConfigMap Of(ConfigMap openApi)
    {
        var components = openApi.GetMapOrEmpty("components");
        return ConfigMap.Of(
            ("swagger", "2.0"),
            ("info", ConfigMap.Of(
                ("description", "Digdag server API"), ("version", ServerVersion.Compatible), ("title", "Digdag"))),
            ("basePath", "/"),
            ("securityDefinitions", ConfigMap.Of(("basic", ConfigMap.Of(("type", "basic"))))),
            ("security", new ConfigList([ConfigMap.Empty, ConfigMap.Of(("basic", new ConfigList([])))])),
            ("paths", Map(openApi.GetMapOrEmpty("paths"), path => Map((ConfigMap)path, operation => Operation((ConfigMap)operation)))),
            ("definitions", Map(components.GetMapOrEmpty("schemas"), Schema)));
    }

    private static ConfigMap Operation(ConfigMap operation)
    {
        var parameters = Items(operation["parameters"]).Select(Parameter).ToList();
        var older = operation.Without("parameters").Without("requestBody");
        if (operation["requestBody"] is ConfigMap body)
        {
            var (type, schema) = Content(body);
            older = older.With("consumes", new ConfigList([new ConfigText(type)]));
            parameters.Add(ConfigMap.Of(
                ("name", "body"), ("in", "body"), ("required", body["required"] ?? false), ("schema", schema ?? Binary())));
        }

        if (parameters.Count > 0)
        {
            older = older.With("parameters", new ConfigList(parameters));
        }

        var responses = operation.GetMapOrEmpty("responses");
        var (produces, _) = Content((ConfigMap)responses.First().Value);
        return older
            .With("produces", new ConfigList(((string[])[produces, "application/json"]).Distinct().Select(t => new ConfigText(t))))
            .With("responses", Map(responses, r => Response((ConfigMap)r)));
    }

    private static ConfigMap Response(ConfigMap response)
    {
        var older = ConfigMap.Of(("description", response["description"]!));
        if (response["headers"] is ConfigMap headers)
        {
            older = older.With("headers", Map(headers, h => Schema(((ConfigMap)h)["schema"]!)));
        }

        return response["content"] is not null && Content(response).Schema is { } schema ? older.With("schema", schema) : older;
    }

    private static ConfigMap Parameter(ConfigMap parameter)
    {
        var schema = (ConfigMap)Schema(parameter.GetMapOrEmpty("schema"));
        var older = parameter.Without("schema");
        foreach (var (key, value, _) in schema)
        {
            older = older.With(key, value);
        }

        return schema["type"] is ConfigText { Value: "array" } ? older.With("collectionFormat", "multi") : older;
    }

    private static (string Type, ConfigValue? Schema) Content(ConfigMap holder)
    {
        var content = holder.GetMapOrEmpty("content").First();
        return (content.Key, ((ConfigMap)content.Value)["schema"] is { } schema ? Schema(schema) : null);
    }

    private static ConfigMap Binary() => ConfigMap.Of(("type", "string"), ("format", "binary"));

    // Null is a type of its own in the newer form and has to be left out in the older one.
    private static ConfigValue Schema(ConfigValue schema) => schema switch
    {
        ConfigMap map when map["$ref"] is ConfigText reference =>
            ConfigMap.Of(("$ref", reference.Value.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal))),
        ConfigMap map when map["anyOf"] is ConfigList any => Schema(any.Items[0]),
        ConfigMap map => Keywords(map),
        _ => schema,
    };

    private static ConfigMap Keywords(ConfigMap schema)
    {
        var older = Map(schema, value => value).Without("contentEncoding");
        if (schema["contentEncoding"] is not null)
        {
            older = older.With("format", "byte");
        }

        if (schema["type"] is ConfigList types)
        {
            older = older.With("type", types.Items[0]).With("x-nullable", true);
        }

        if (schema["properties"] is ConfigMap properties)
        {
            older = older.With("properties", Map(properties, Schema));
        }

        return schema["items"] is { } items ? older.With("items", Schema(items)) : older;
    }

    private static IEnumerable<ConfigMap> Items(ConfigValue? list) => list is ConfigList items ? items.Items.Cast<ConfigMap>() : [];

    private static ConfigMap Map(ConfigMap map, Func<ConfigValue, ConfigValue> change) =>
        ConfigMap.Of(map.Select(e => (e.Key, change(e.Value))));
}
