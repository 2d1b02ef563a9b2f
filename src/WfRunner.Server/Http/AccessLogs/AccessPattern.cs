using System.Globalization;
using System.Text;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Http.AccessLogs;

/// <summary>
/// How lines of the access log look. Digdag behaviour: server 6.4, with the tokens of Undertow's patterns. What a client sent is escaped,
/// so that it cannot forge lines.
/// </summary>
internal sealed class AccessPattern
{
    private const string Json = "json";
    private const string Common = "%h %l %u %t \"%r\" %s %b";
    private const string Combined = Common + " \"%{i,Referer}\" \"%{i,User-Agent}\"";

    private const string JsonKeys =
        "time:%{time,iso} host:%h forwardedfor:%{i,X-Forwarded-For} method:%m uri:%{uri} protocol:%H status:%s size:%B referer:%{i,Referer} "
        + "ua:%{i,User-Agent} vhost:%v reqtime:%T";

    private static readonly ZonedDateTimePattern Iso =
        ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss.fffo<+HHmm>", null);

    private static readonly ZonedDateTimePattern CommonTime =
        ZonedDateTimePattern.CreateWithInvariantCulture("'['dd'/'MMM'/'uuuu':'HH':'mm':'ss' 'o<+HHmm>']'", null);

    private readonly Func<AccessEntry, string> _format;

    private AccessPattern(Func<AccessEntry, string> format) => _format = format;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern"><c>json</c>, <c>json{key:%token ...}</c>, <c>common</c>, <c>combined</c> or text with tokens.</param>
    /// <exception cref="ConfigException">It has a token that is not known.</exception>
    public static AccessPattern Parse(string pattern) => pattern switch
    {
        Json => new AccessPattern(Object(JsonKeys)),
        "common" => new AccessPattern(Line(Common)),
        "combined" => new AccessPattern(Line(Combined)),
        _ when pattern.StartsWith(Json + "{", StringComparison.Ordinal) && pattern.EndsWith('}') =>
            new AccessPattern(Object(pattern[(Json.Length + 1)..^1])),
        _ => new AccessPattern(Line(pattern)),
    };

    /// <summary>Writes a line, without its end.</summary>
    public string Format(AccessEntry entry) => _format(entry);

    private static Func<AccessEntry, string> Object(string keys)
    {
        var fields = keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(field =>
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw Unknown(field);
            }

            var (token, length) = Token(field, colon + 1);
            return length == field.Length - colon - 1 ? (Key: field[..colon], Token: token) : throw Unknown(field);
        }).ToList();
        return entry => ConfigJson.Write(ConfigMap.Of(fields.Select(
            f => (f.Key, f.Token(entry) is { } text ? (ConfigValue)text : ConfigNull.Instance))));
    }

    private static Func<AccessEntry, string> Line(string pattern)
    {
        var parts = new List<Func<AccessEntry, string>>();
        for (var i = 0; i < pattern.Length;)
        {
            if (pattern[i] == '%')
            {
                var (token, length) = Token(pattern, i);
                parts.Add(e => Escape(token(e) is { Length: > 0 } text ? text : "-"));
                i += length;
            }
            else
            {
                var end = pattern.IndexOf('%', i) is var next and >= 0 ? next : pattern.Length;
                var literal = pattern[i..end];
                parts.Add(_ => literal);
                i = end;
            }
        }

        return entry => string.Concat(parts.Select(p => p(entry)));
    }

    private static (Func<AccessEntry, string?> Value, int Length) Token(string pattern, int at)
    {
        if (at + 1 >= pattern.Length || pattern[at] != '%')
        {
            throw Unknown(pattern[at..]);
        }

        if (pattern[at + 1] != '{')
        {
            return (Short(pattern[at + 1]) ?? throw Unknown(pattern.Substring(at, 2)), 2);
        }

        var end = pattern.IndexOf('}', at);
        var inner = end < 0 ? throw Unknown(pattern[at..]) : pattern[(at + 2)..end];
        var value = inner.Split(',') switch
        {
            ["i", var name] => (Func<AccessEntry, string?>)(e => e.Header(name)),
            ["o", var name] => e => e.Http.Response.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
            ["time", "iso"] => e => Iso.Format(e.Started),
            ["uri"] => e => Target(e),
            _ => throw Unknown(pattern[at..(end + 1)]),
        };
        return (value, end + 1 - at);
    }

    private static Func<AccessEntry, string?>? Short(char token) => token switch
    {
        '%' => _ => "%",
        'a' or 'h' => e => e.Http.Connection.RemoteIpAddress?.ToString(),
        'A' => e => e.Http.Connection.LocalIpAddress?.ToString(),
        'p' => e => e.Http.Connection.LocalPort.ToString(CultureInfo.InvariantCulture),
        'b' => e => e.Size == 0 ? null : e.Size.ToString(CultureInfo.InvariantCulture),
        'B' => e => e.Size.ToString(CultureInfo.InvariantCulture),
        'H' => e => e.Http.Request.Protocol,
        'l' => _ => null,
        'u' => e => e.Http.Features.Get<ApiUser>()?.Name,
        'm' => e => e.Http.Request.Method,
        'q' => e => e.Http.Request.QueryString.Value,
        'r' => e => $"{e.Http.Request.Method} {Target(e)} {e.Http.Request.Protocol}",
        's' => e => e.Http.Response.StatusCode.ToString(CultureInfo.InvariantCulture),
        't' => e => CommonTime.Format(e.Started),
        'U' or 'R' => e => e.Http.Request.Path.ToUriComponent(),
        'v' => e => e.Http.Request.Host.Host,
        'D' => e => ((long)e.Duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        'T' => e => e.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Target(AccessEntry entry) =>
        entry.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;

    private static string Escape(string text)
    {
        if (!text.Any(c => c is '"' or '\\' || char.IsControl(c)))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => escaped.Append('\\').Append(c),
                _ when char.IsControl(c) => escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static ConfigException Unknown(string token) => new(
        $"server.access-log.pattern has a token that is not known: {token} "
        + "(known: %a %A %b %B %D %h %H %l %m %p %q %r %R %s %t %T %u %U %v %{i,HEADER} %{o,HEADER}, or the whole pattern json, common or combined)");
}
