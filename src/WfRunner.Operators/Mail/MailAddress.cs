using MimeKit;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Mail;

/// <summary>Addresses as users write them: <c>a@b</c> or <c>Ann &lt;a@b&gt;</c>.</summary>
internal static class MailAddress
{
    /// <summary>Reads one address.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public static MailboxAddress Parse(string text, SourceSpan? span) =>
        MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal)
            ? address
            : throw new ConfigException("Invalid address", span, new ConfigException($"'{text}' is no mail address"));

    /// <summary>Reads a list of addresses, or one; missing means none.</summary>
    public static IEnumerable<MailboxAddress> ParseList(ConfigMap options, string key) => options[key] switch
    {
        null or ConfigNull => [],
        ConfigList list => list.Items.Select(i => Parse(ConfigAccess.AsString(key, i), i.Span)),
        var one => [Parse(ConfigAccess.AsString(key, one), one.Span)],
    };
}
