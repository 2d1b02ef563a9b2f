using System.Net.Http.Headers;
using System.Text;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>One request, which can be sent several times. Digdag behaviour: the encodings of operators-td 12.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The encoded path, for messages too.</param>
internal sealed record TdRequest(HttpMethod Method, string Path)
{
    private const string Unescaped = "-._~!$&'()*+,;=:@";

    /// <summary>Parameters of the URL.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Parameters of the form in the body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form { get; init; } = [];

    /// <summary>A body of JSON instead of a form.</summary>
    public string? Json { get; init; }

    public static TdRequest Get(params ReadOnlySpan<string> segments) => new(HttpMethod.Get, PathOf(segments));

    public static TdRequest Post(params ReadOnlySpan<string> segments) => new(HttpMethod.Post, PathOf(segments));

    public Uri AddressAt(string baseAddress)
    {
        var query = Query.Count == 0 ? string.Empty : "?" + string.Join('&', Query.Select(p => $"{FormEncode(p.Key)}={FormEncode(p.Value)}"));

        // The path is encoded already, and a name such as ".." must stay one.
        return new Uri(baseAddress + Path + query, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    public HttpRequestMessage ToMessage(Uri address)
    {
        var message = new HttpRequestMessage(Method, address);
        if (Json is not null)
        {
            message.Content = new StringContent(Json, new MediaTypeHeaderValue("application/json"));
        }
        else if (Method == HttpMethod.Post)
        {
            message.Content = Form.Count == 0
                ? new ByteArrayContent([])
                : new StringContent(
                    string.Join('&', Form.Select(p => $"{FormEncode(p.Key)}={FormEncode(p.Value)}")),
                    new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        }

        return message;
    }

    private static string PathOf(ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder();
        foreach (var segment in segments)
        {
            Append(path.Append('/'), segment, Unescaped);
        }

        return path.ToString();
    }

    private static string FormEncode(string text) => Append(new StringBuilder(), text, "-._*").Replace("%20", "+").ToString();

    private static StringBuilder Append(StringBuilder builder, string text, string unescaped)
    {
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = char.IsAsciiLetterOrDigit((char)b) || unescaped.Contains((char)b, StringComparison.Ordinal)
                ? builder.Append((char)b)
                : builder.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return builder;
    }
}
