using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks at mails: the hosted service sends them itself, elsewhere a mail server and a sender are needed.</summary>
/// <param name="calls">Who calls whom.</param>
internal sealed class MailRule(CallGraph calls) : IFileRule
{
    private readonly InheritedValues _values = new(calls);

    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks.Where(t => t.Operator == "mail"))
        {
            if (Value(session, file, task, "from") is { } from)
            {
                session.Report(TargetRules.MailSender, from.Span ?? task.OperatorSpan, "the hosted service chooses the sender itself");
            }
            else
            {
                session.Report(TargetRules.MailWithoutSender, task.OperatorSpan, "mail> has no from:");
            }

            if (task.Config["attach_files"] is { IsNull: false })
            {
                session.Report(TargetRules.MailAttachments, task.Config.KeySpan("attach_files"), "whether the hosted service attaches files is not certain");
            }

            if (Value(session, file, task, "host") is null && session.Request.HasLocalSecret?.Invoke("mail.host") == false)
            {
                session.Report(TargetRules.MailServer, task.OperatorSpan, "no mail server is set on this machine");
            }
        }
    }

    private ConfigValue? Value(CheckSession session, CheckedFile file, TaskNode task, string key) =>
        _values.Find(session, file, task, key) ?? _values.Find(session, file, task, "mail", key);
}
