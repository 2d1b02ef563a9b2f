using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>The parameters that both HTTP operators read. Digdag behaviour: operators-core 9.1.</summary>
internal static class HttpParameters
{
    public static IReadOnlyList<OperatorParameter> Shared { get; } =
    [
        new("method", ParameterType.Text, "Method of the request (default: GET)."),
        new("content", ParameterType.Any, "Body of the request: a text, or an object or list that is sent as JSON or form.") { ResolvesSecrets = true },
        new("content_format", ParameterType.Text, "How the content is written: text, json or form."),
        new("content_type", ParameterType.Text, "Content-Type of the request; ignored for forms."),
        new("headers", ParameterType.List, "Headers in their order, each an object with one key.") { ResolvesSecrets = true },
        new("query", ParameterType.Any, "Query, appended to the address's own: an object or a text.") { ResolvesSecrets = true },
        new("retry", ParameterType.Boolean, "Whether failures that may pass are repeated (default: true for GET, HEAD, OPTIONS and TRACE)."),
        new("timeout", ParameterType.Integer, "Seconds that the request may take (default: 30)."),
        new("follow_redirects", ParameterType.Boolean, "Whether redirects are followed (default: true)."),
        new("insecure", ParameterType.Boolean, "Accepts any certificate."),
        new("proxy", ParameterType.Map, "Proxy of the request: enabled, host, port, tls."),
    ];
}
