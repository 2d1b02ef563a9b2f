using System.Buffers;
using System.Globalization;
using System.Text;
using WfRunner.Core;

namespace WfRunner.Operators.Http;

/// <summary>Addresses of requests: read strictly, extended by a query, shown without what is secret.</summary>
internal static class HttpAddress
{
    // RFC 3986, section 2: what must be percent-encoded.
    private static readonly SearchValues<char> Illegal = SearchValues.Create(" \"<>\\^`{|}\t\r\n");

    /// <summary>Reads an address.</summary>
    /// <exception cref="WorkflowException">It is no absolute http or https address.</exception>
    public static Uri Parse(string text)
    {
        var at = text.AsSpan().IndexOfAny(Illegal);
        if (at >= 0)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, string.Create(CultureInfo.InvariantCulture, $"Illegal character in URI at index {at}: {text}"));
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new WorkflowException(FailureKind.IllegalArgument, $"Invalid URI, it must start with http:// or https://: {text}");
    }

    /// <summary>Appends to the query that the address has of its own.</summary>
    public static Uri WithQuery(Uri uri, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var added = FormText.Of(pairs);
        if (added.Length == 0)
        {
            return uri;
        }

        var own = uri.Query.TrimStart('?');
        return new UriBuilder(uri) { Query = own.Length == 0 ? added : own + "&" + added, Fragment = string.Empty }.Uri;
    }

    /// <summary>The address without user and password.</summary>
    public static string Shown(Uri uri) => uri.UserInfo.Length == 0
        ? uri.OriginalString
        : uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);

    /// <summary>RFC 7617, section 2; as Digdag does, ISO 8859-1 where that can hold the text.</summary>
    public static string BasicAuthorization(string user, string password)
    {
        var text = $"{user}:{password}";
        var encoding = text.All(c => c <= '\u00ff') ? Encoding.Latin1 : Encoding.UTF8;
        return "Basic " + Convert.ToBase64String(encoding.GetBytes(text));
    }
}
