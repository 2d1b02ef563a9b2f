using MimeKit;
using MimeKit.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Mail;

/// <summary><c>mail&gt;</c>: sends a mail. Digdag behaviour: operators-core 8.</summary>
public sealed class MailOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "mail",
        "Sends a mail.",
        new OperatorParameter("_command", ParameterType.File, "Template file of the body, or an object with the body under data.") { IsTemplate = true },
        [
            new OperatorParameter("body", ParameterType.Text, "The body, when no file is named."),
            new OperatorParameter("subject", ParameterType.Text, "Subject; required unless the system configuration has config.mail.subject."),
            new OperatorParameter("from", ParameterType.Text, "Sender; required unless the system configuration has config.mail.from."),
            new OperatorParameter("to", ParameterType.Any, "Address or list of addresses.", Required: true),
            new OperatorParameter("cc", ParameterType.Any, "Address or list of addresses that get a copy."),
            new OperatorParameter("bcc", ParameterType.Any, "Address or list of addresses that get a copy unseen."),
            new OperatorParameter("html", ParameterType.Boolean, "Whether the body is HTML."),
            new OperatorParameter("attach_files", ParameterType.List, "Files to attach, each with path, content_type and filename."),
            new OperatorParameter("host", ParameterType.Text, "Mail server; the secret mail.host wins."),
            new OperatorParameter("port", ParameterType.Integer, "Port of the mail server; the secret mail.port wins."),
            new OperatorParameter("username", ParameterType.Text, "Who logs in; the secret mail.username wins."),
            new OperatorParameter("password", ParameterType.Text, "Ignored: the password is the secret mail.password."),
            new OperatorParameter("tls", ParameterType.Boolean, "Turns to TLS when the server offers it (default: true)."),
            new OperatorParameter("ssl", ParameterType.Boolean, "TLS from the start (default: false)."),
            new OperatorParameter("debug", ParameterType.Boolean, "Shows the conversation with the server."),
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("mail"));
        var body = await CommandText.ReadAsync(request, options, "body", context, cancellationToken).ConfigureAwait(false);
        if (options.Has("password"))
        {
            context.Log.Warn("Unsecure 'password' parameter is deprecated.");
        }

        using var message = Headers(options, context.SystemConfig.Below("config.mail."));
        var text = new TextPart(options.GetBooleanOr("html", false) ? TextFormat.Html : TextFormat.Plain) { Text = body };
        message.Body = WithAttachments(text, options.GetListOrEmpty("attach_files"), Workspace.Of(request, context));
        await MailSender.SendAsync(SmtpServer.Of(options, context), message, context.Output, cancellationToken).ConfigureAwait(false);
        return OperatorOutcome.Done;
    }

    private static MimeMessage Headers(ConfigMap options, ConfigMap system)
    {
        var from = MailAddress.Parse(Own("from"), options["from"]?.Span);
        var message = new MimeMessage { Subject = Own("subject"), Sender = from };
        message.From.Add(from);
        message.To.AddRange(MailAddress.ParseList(ConfigMap.Of(("to", Required("to"))), "to"));
        message.Cc.AddRange(MailAddress.ParseList(options, "cc"));
        message.Bcc.AddRange(MailAddress.ParseList(options, "bcc"));
        return message;

        string Own(string key) => options.GetStringOrNull(key) ?? system.GetStringOrNull(key) ?? options.GetString(key);

        ConfigValue Required(string key) => options[key] is { IsNull: false } value ? value : new ConfigText(options.GetString(key));
    }

    private static MimeEntity WithAttachments(TextPart text, IReadOnlyList<ConfigValue> files, Workspace workspace)
    {
        if (files.Count == 0)
        {
            return text;
        }

        var parts = new Multipart("mixed") { text };
        foreach (var file in files)
        {
            if (file is not ConfigMap attachment)
            {
                throw ConfigAccess.Mismatch("object type", "attach_files", file);
            }

            parts.Add(Attachment(attachment, workspace));
        }

        return parts;
    }

    private static MimePart Attachment(ConfigMap attachment, Workspace workspace)
    {
        var name = attachment.GetString("path");
        var path = workspace.PathOf(name);
        if (!File.Exists(path))
        {
            throw new ConfigException($"File not found: {path}", attachment["path"]?.Span);
        }

        var type = attachment.GetStringOr("content_type", "application/octet-stream");
        return new MimePart(ContentType.TryParse(type, out var parsed)
            ? parsed
            : throw new ConfigException($"Invalid content_type: {type}", attachment["content_type"]?.Span))
        {
            Content = new MimeContent(File.OpenRead(path)),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            FileName = attachment.GetStringOrNull("filename") ?? Path.GetFileName(name),
        };
    }
}
