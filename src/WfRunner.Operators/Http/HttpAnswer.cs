using System.Globalization;
using System.Text;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary>A response with its whole body.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The header as sent; null when there is none.</param>
/// <param name="Charset">The charset that the header names; null when it names none.</param>
/// <param name="Body">The body.</param>
internal sealed record HttpAnswer(int Status, string? ContentType, string? Charset, byte[] Body)
{
    /// <summary>The largest body that is read, in bytes. Digdag repeats a request with a larger answer for ever; here it fails.</summary>
    public const int LargestBody = 2 * 1024 * 1024;

    private const int LongestShownBody = 200;

    /// <summary>Status and reason, for example <c>404 Not Found</c>. The reason is the standard's, whatever the server wrote.</summary>
    public string Shown => string.Create(CultureInfo.InvariantCulture, $"{Status} {ReasonOf(Status)}");

    /// <summary>The body as text.</summary>
    /// <param name="charset">The charset to read it in; null for UTF-8.</param>
    /// <exception cref="TaskFailedException">The charset is unknown.</exception>
    public string Text(string? charset)
    {
        if (string.IsNullOrEmpty(charset))
        {
            return Encoding.UTF8.GetString(Body);
        }

        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
            return encoding.GetString(Body);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new TaskFailedException($"The response has an unsupported charset: {charset}");
        }
    }

    /// <summary>The body as part of a failure message.</summary>
    /// <param name="largest">Bytes from which it is not shown at all.</param>
    public string ShownBody(int largest)
    {
        if (Body.Length == 0)
        {
            return string.Empty;
        }

        if (Body.Length > largest)
        {
            return ": (too long response body)";
        }

        string text;
        try
        {
            text = Text(Charset);
        }
        catch (TaskFailedException)
        {
            text = Encoding.Latin1.GetString(Body);
        }

        return ": " + (text.Length > LongestShownBody ? text[..(LongestShownBody - 3)] + "..." : text);
    }

    private static string ReasonOf(int status)
    {
        switch (status)
        {
            case 203:
                return "Non Authoritative Information";
            case 413:
                return "Payload Too Large";
            case 414:
                return "URI Too Long";
            case 416:
                return "Range Not Satisfiable";
            case 500:
                return "Server Error";
            case 505:
                return "HTTP Version Not Supported";
            default:
                using (var standard = new HttpResponseMessage((System.Net.HttpStatusCode)status))
                {
                    return string.IsNullOrEmpty(standard.ReasonPhrase) ? status.ToString(CultureInfo.InvariantCulture) : standard.ReasonPhrase;
                }
        }
    }
}
