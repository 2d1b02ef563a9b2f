using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>One request as the options of a task describe it. Digdag behaviour: operators-core 9.1.</summary>
internal sealed record HttpCall
{
    private static readonly string[] RepeatableMethods = ["GET", "HEAD", "OPTIONS", "TRACE"];

    /// <summary>The method in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The address with its whole query.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The address as logs and messages may show it: no user and password; nothing at all of one that holds a secret.</summary>
    public required string ShownUri { get; init; }

    /// <summary>The body; null for none.</summary>
    public required HttpBody? Body { get; init; }

    /// <summary>The headers in their order; names may repeat.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Whether a failure that may pass is repeated.</summary>
    public required bool Repeats { get; init; }

    /// <summary>How long the whole exchange may take.</summary>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>Whether redirects are followed.</summary>
    public required bool FollowsRedirects { get; init; }

    /// <summary>Whether any certificate is accepted.</summary>
    public required bool TrustsAnyCertificate { get; init; }

    /// <summary>Method and address, for logs and messages.</summary>
    public string Shown => $"{Method} {ShownUri}";

    /// <summary>Reads the options of a task.</summary>
    /// <param name="options">The task's parameters with the section's defaults.</param>
    /// <param name="secretUri">Whether the address may be the secret <c>http.uri</c>.</param>
    /// <param name="context">Secrets.</param>
    public static HttpCall Of(ConfigMap options, bool secretUri, IOperatorContext context)
    {
        var whole = secretUri ? context.Secrets.Find("http.uri") : null;
        var written = whole ?? options.GetString("_command");
        var resolved = whole ?? SecretTemplate.Replace(written, context.Secrets);
        var method = options.GetStringOr("method", "GET").ToUpperInvariant();
        var body = HttpBody.Of(options, context);
        var uri = HttpAddress.WithQuery(HttpAddress.Parse(resolved), QueryOf(options, context));
        var seconds = options.GetInt64OrNull("timeout") ?? 30;
        return new HttpCall
        {
            Method = method,
            Uri = uri,
            ShownUri = whole is not null || resolved != written ? uri.Scheme + "://***" : HttpAddress.Shown(uri),
            Body = body,
            Headers = [.. Authorization(context), .. HeadersOf(options, context)],
            Repeats = options.GetBooleanOr("retry", RepeatableMethods.Contains(method)),
            TimeLimit = seconds is > 0 and <= int.MaxValue / 1000
                ? TimeSpan.FromSeconds(seconds)
                : throw new ConfigException($"timeout must be a number of seconds from 1: {seconds}", options["timeout"]?.Span),
            FollowsRedirects = options.GetBooleanOr("follow_redirects", true),
            TrustsAnyCertificate = options.GetBooleanOr("insecure", false),
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Authorization(IOperatorContext context)
    {
        if (context.Secrets.Find("http.authorization") is { } whole)
        {
            yield return new("Authorization", whole);
        }
        else if (context.Secrets.Find("http.user") is { } user)
        {
            yield return new("Authorization", HttpAddress.BasicAuthorization(user, context.Secrets.Find("http.password") ?? string.Empty));
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(ConfigMap options, IOperatorContext context)
    {
        foreach (var entry in options.GetListOrEmpty("headers"))
        {
            if (entry is not ConfigMap { Count: 1 } map || FormText.ScalarText(map.First().Value) is not { } value)
            {
                throw new ConfigException($"Invalid header: {ConfigJson.Write(entry)}", entry.Span);
            }

            var name = SecretTemplate.Replace(map.First().Key, context.Secrets);
            var text = SecretTemplate.Replace(value, context.Secrets);
            yield return text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 && name.Length > 0 && !name.Any(c => c is <= ' ' or ':' or > '~')
                ? new(name, text)
                : throw new ConfigException($"Invalid header: {ConfigJson.Write(entry)}", entry.Span);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> QueryOf(ConfigMap options, IOperatorContext context)
    {
        var given = options["query"];
        if (given is null or ConfigNull)
        {
            return [];
        }

        if (given is ConfigText text)
        {
            if (!text.Value.AsSpan().TrimStart().StartsWith("{"))
            {
                return FormText.Parse(SecretTemplate.Replace(text.Value, context.Secrets));
            }

            given = options.ParseMap("query");
        }

        return given is not ConfigMap map
            ? throw new ConfigException($"Invalid query: {ConfigJson.Write(given)}", given.Span)
            : ((ConfigMap)SecretTemplate.Replace(map, context.Secrets))
                .Select(e => new KeyValuePair<string, string>(e.Key, ConfigAccess.AsString(e.Key, e.Value)));
    }
}
