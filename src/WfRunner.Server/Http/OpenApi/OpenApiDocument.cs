using System.Globalization;
using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.OpenApi;

/// <summary>The API's description, OpenAPI 3.1, made of the operations that are routed and the models that answers are made of.</summary>
internal static class OpenApiDocument
{
    private static readonly IReadOnlyList<IModel> Models =
    [
        .. ApiModels.All, .. RequestModels.All, .. EventModels.All, .. OverviewModels.All, .. CheckModels.All, .. PoolModels.All, .. TriggerModels.All,
    ];

    /// <summary>Describes operations.</summary>
    public static ConfigMap Of(IReadOnlyList<ApiOperation> operations) => ConfigMap.Of(
        ("openapi", "3.1.0"),
        ("info", ConfigMap.Of(
            ("title", "wf"),
            ("description", "Digdag's server API and wf's additions to it, which are marked x-wf-addition"),
            ("version", ServerVersion.Own))),
        ("security", new ConfigList([ConfigMap.Empty, Security("basic"), Security("bearer")])),
        ("paths", Paths(operations)),
        ("components", ConfigMap.Of(
            ("schemas", ConfigMap.Of(Models.Select(m => (m.Name, (ConfigValue)m.Schema)))),
            ("securitySchemes", ConfigMap.Of(
                ("basic", ConfigMap.Of(("type", "http"), ("scheme", "basic"))),
                ("bearer", ConfigMap.Of(("type", "http"), ("scheme", "bearer"))))))));

    private static ConfigMap Paths(IReadOnlyList<ApiOperation> operations) => ConfigMap.Of(operations
        .GroupBy(o => o.Path)
        .Select(path => (path.Key, (ConfigValue)ConfigMap.Of(path.Select(o => (o.Method.ToLowerInvariant(), (ConfigValue)Describe(o)))))));

    private static ConfigMap Describe(ApiOperation operation)
    {
        var described = ConfigMap.Of(
            ("operationId", operation.Id),
            ("summary", operation.Summary),
            ("tags", new ConfigList([new ConfigText(operation.Tag)])));
        if (operation.IsAddition)
        {
            described = described.With("x-wf-addition", true);
        }

        if (operation.IsOpen)
        {
            described = described.With("security", new ConfigList([ConfigMap.Empty]));
        }

        ConfigMap[] parameters = [.. operation.PathParameters.Select(PathParameter), .. operation.Query.Select(QueryParameter)];
        if (parameters.Length > 0)
        {
            described = described.With("parameters", new ConfigList(parameters));
        }

        if (Body(operation) is { } body)
        {
            described = described.With("requestBody", body);
        }

        return described.With("responses", Responses(operation));
    }

    private static ConfigMap PathParameter(string name) => ConfigMap.Of(
        ("name", name), ("in", "path"), ("required", true), ("schema", name == "id" ? Schema.Id : Schema.Text));

    private static ConfigMap QueryParameter(QueryParameter parameter) => ConfigMap.Of(
        ("name", parameter.Name),
        ("in", "query"),
        ("required", parameter.IsRequired),
        ("description", parameter.Description),
        ("schema", parameter.Repeats ? Schema.ListOf(parameter.Schema) : parameter.Schema));

    private static ConfigMap? Body(ApiOperation operation) => operation switch
    {
        { Body: { } model } => ConfigMap.Of(
            ("required", !operation.IsBodyOptional), ("content", Content(ApiOperation.Json, Schema.Reference(model)))),
        { BinaryBody: { } type } => ConfigMap.Of(("required", true), ("content", Content(type, null))),
        _ => null,
    };

    private static ConfigMap Responses(ApiOperation operation)
    {
        var responses = new List<(string, ConfigValue)>
        {
            (operation.Creates ? "201" : "200", ConfigMap.Of(("description", "Done"), ("content", Content(operation.Produces, operation.Answer)))),
        };
        if (operation.MayLeadElsewhere)
        {
            responses.Add(("303", ConfigMap.Of(
                ("description", "The file is to be fetched, without credentials, from where it is kept"),
                ("headers", ConfigMap.Of(("Location", ConfigMap.Of(("schema", Schema.Text))))))));
        }

        if (operation.Conflict is { } conflict)
        {
            responses.Add(("409", ConfigMap.Of(
                ("description", "It exists already"), ("content", Content(ApiOperation.Json, Schema.Reference(conflict))))));
        }

        responses.AddRange(operation.Refusals.Select(s => (s.ToString(CultureInfo.InvariantCulture), (ConfigValue)Refusal(Reason(s)))));
        responses.Add(("default", Refusal("Refused, or failed")));
        return ConfigMap.Of(responses);
    }

    private static string Reason(int status) => status switch
    {
        StatusCodes.Status403Forbidden => "The user may not do this",
        StatusCodes.Status404NotFound => "Something that the request names does not exist",
        StatusCodes.Status409Conflict => "It exists already, or its state does not allow this",
        StatusCodes.Status503ServiceUnavailable => "The server is too busy for this",
        _ => throw new InvalidOperationException($"status {status} has no description"),
    };

    private static ConfigMap Refusal(string reason) => ConfigMap.Of(
        ("description", reason), ("content", Content(ApiOperation.Json, Schema.Reference(ApiModels.Error))));

    private static ConfigMap Content(string type, ConfigMap? schema) => ConfigMap.Of(
        (type.Split(';')[0], schema is null ? ConfigMap.Empty : ConfigMap.Of(("schema", schema))));

    private static ConfigMap Security(string scheme) => ConfigMap.Of((scheme, new ConfigList([])));
}
