using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>
/// One operation of the API, declared once: the server routes by it and checks requests against it, and the API's description is made
/// of it.
/// </summary>
/// <param name="id">Name that generated clients call it by.</param>
/// <param name="method">HTTP method; GET answers HEAD as well.</param>
/// <param name="path">Path with its parameters in braces.</param>
/// <param name="summary">What it does.</param>
internal sealed partial class ApiOperation(string id, string method, string path, string summary)
{
    public const string Json = "application/json";
    public const string Gzip = "application/gzip";
    public const string EventStream = "text/event-stream";

    public string Id => id;

    public string Method => method;

    public string Path => path;

    public string Summary => summary;

    /// <summary>Group in the description.</summary>
    public required string Tag { get; init; }

    /// <summary>Parameters of the query.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>Model of its body; null when it takes none.</summary>
    public BodyModel? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>Content type of a body that is no JSON; null for none.</summary>
    public string? BinaryBody { get; init; }

    /// <summary>What it answers with.</summary>
    public string Produces { get; init; } = Json;

    /// <summary>What the answer looks like; null when it is no JSON.</summary>
    public ConfigMap? Answer { get; init; }

    /// <summary>Whether it may answer with a 303 that leads to where the file is kept.</summary>
    public bool MayLeadElsewhere { get; init; }

    /// <summary>What a 409 looks like when it is no error.</summary>
    public IModel? Conflict { get; init; }

    /// <summary>Refusals that are its own, besides those every operation may give.</summary>
    public IReadOnlyList<int> Refusals { get; private set; } = [];

    /// <summary>Whether everybody may call it, even where a password is asked for.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether what it answers with was made by it, which another status says.</summary>
    public bool Creates { get; private set; }

    /// <summary>Whether it is no operation of Digdag.</summary>
    public bool IsAddition { get; private set; }

    /// <summary>Names of the parameters in the path, in order.</summary>
    public IReadOnlyList<string> PathParameters { get; } = [.. InBraces().Matches(path).Select(m => m.Groups[1].Value)];

    public bool IsGet => HttpMethods.IsGet(method);

    public static ApiOperation Get(string tag, string id, string path, string summary, IModel answer, params QueryParameter[] query) =>
        new(id, HttpMethods.Get, path, summary) { Tag = tag, Answer = Schema.Reference(answer), Query = query };

    /// <summary>An operation that answers with a gzip file.</summary>
    public static ApiOperation GetGzip(string tag, string id, string path, string summary, params QueryParameter[] query) =>
        new(id, HttpMethods.Get, path, summary) { Tag = tag, Produces = Gzip, Query = query };

    public static ApiOperation Put(string tag, string id, string path, string summary, IModel answer, BodyModel body) =>
        new(id, HttpMethods.Put, path, summary) { Tag = tag, Answer = Schema.Reference(answer), Body = body };

    public static ApiOperation Post(string tag, string id, string path, string summary, IModel answer, BodyModel? body) =>
        new(id, HttpMethods.Post, path, summary) { Tag = tag, Answer = Schema.Reference(answer), Body = body };

    public static ApiOperation Patch(string tag, string id, string path, string summary, IModel answer, BodyModel body) =>
        new(id, HttpMethods.Patch, path, summary) { Tag = tag, Answer = Schema.Reference(answer), Body = body };

    public static ApiOperation Delete(string tag, string id, string path, string summary, IModel answer) =>
        new(id, HttpMethods.Delete, path, summary) { Tag = tag, Answer = Schema.Reference(answer) };

    /// <summary>The same, but it may answer with these as well.</summary>
    public ApiOperation Refusing(params int[] statuses)
    {
        Refusals = statuses;
        return this;
    }

    /// <summary>The same, but it answers with 201.</summary>
    public ApiOperation Created()
    {
        Creates = true;
        return this;
    }

    /// <summary>The same, but Digdag does not have it.</summary>
    public ApiOperation AsAddition()
    {
        IsAddition = true;
        return this;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InBraces();
}
