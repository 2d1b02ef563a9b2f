using MimeKit;
using MimeKit.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Templates;
using WfRunner.Operators.Mail;

namespace WfRunner.Operators.Notifications;

/// <summary>Sends notifications as mails.</summary>
internal sealed class MailNotificationSender : INotificationSender
{
    private const string DefaultBody = """
        Digdag Notification

        Message: ${message}
        Date: ${timestamp}

        Site Id: ${site_id}
        Project Name: ${project_name}
        Project Id: ${project_id}
        Workflow Name: ${workflow_name}
        Revision: ${revision}
        Attempt Id: ${attempt_id}
        Session Id: ${session_id}
        Task Name: ${task_name}
        Time Zone: ${timezone}
        Session Uuid: ${session_uuid}
        Session Time: ${session_time}

        """;

    private readonly ConfigMap _settings;
    private readonly SmtpServer _server;
    private readonly string _body;
    private readonly TemplateEvaluator _templates = new();

    public MailNotificationSender(ConfigMap settings)
    {
        const string prefix = "mail.";
        _settings = ConfigMap.Of(settings.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(e => (e.Key[prefix.Length..], AsListIfJson(e.Value))));
        _server = SmtpServer.Read(_settings);
        _body = _settings.GetStringOrNull("body_template_file") is { } file ? ReadTemplate(file) : DefaultBody;

        // A wrong address or template shows when the program starts, not when something has failed.
        Render(new Notification { Timestamp = default, Message = "test" }).Dispose();
    }

    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var message = Render(notification);
        await MailSender.SendAsync(_server, message, Stream.Null, cancellationToken).ConfigureAwait(false);
    }

    private static ConfigValue AsListIfJson(ConfigValue value) => value is ConfigText { Value: ['[', ..] text } ? ConfigJson.Parse(text) : value;

    private static string ReadTemplate(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"notification.mail.body_template_file cannot be read: {e.Message}", null, e);
        }
    }

    private MimeMessage Render(Notification notification)
    {
        var from = MailAddress.Parse(_settings.GetString("from"), null);
        var message = new MimeMessage { Subject = _settings.GetStringOr("subject", "Digdag Notification"), Sender = from };
        message.From.Add(from);
        message.To.AddRange(MailAddress.ParseList(_settings.Has("to") ? _settings : _settings.With("to", _settings.GetString("to")), "to"));
        message.Cc.AddRange(MailAddress.ParseList(_settings, "cc"));
        message.Bcc.AddRange(MailAddress.ParseList(_settings, "bcc"));
        message.Body = new TextPart(_settings.GetBooleanOr("html", false) ? TextFormat.Html : TextFormat.Plain)
        {
            Text = _templates.EvaluateText(_body, notification.ToConfig()),
        };
        return message;
    }
}
