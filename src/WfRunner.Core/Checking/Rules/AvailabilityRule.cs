using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks whether the target has the operators of the tasks, and reads the parameters that its operators differ in.</summary>
/// <param name="calls">Who calls whom.</param>
internal sealed class AvailabilityRule(CallGraph calls) : IFileRule
{
    private readonly InheritedValues _values = new(calls);

    /// <summary>Whether an operator that this program lacks is told by this rule, or is fine for the target.</summary>
    /// <param name="session">The target.</param>
    /// <param name="name">Its name.</param>
    public static bool Judges(CheckSession session, string name) =>
        HostedService.Known.HostedOnly.ContainsKey(name) || (session.Target != Target.Wf && HostedService.Known.Unavailable.ContainsKey(name));

    /// <summary>The operators that can be used for the target, for suggestions.</summary>
    /// <param name="session">The target.</param>
    public static IEnumerable<string> NamesFor(CheckSession session) => session.Target switch
    {
        Target.Td => session.Operators.Keys.Concat(HostedService.Known.HostedOnly.Keys).Except(HostedService.Known.Unavailable.Keys),
        Target.Digdag => session.Operators.Keys.Except(HostedService.Known.HostedOnly.Keys),
        _ => session.Operators.Keys,
    };

    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks)
        {
            if (task.Operator is { } name)
            {
                CheckOperator(session, task, name);
                CheckParameters(session, file, task, name);
            }
        }
    }

    private static void CheckOperator(CheckSession session, TaskNode task, string name)
    {
        if (HostedService.Known.Unavailable.TryGetValue(name, out var instead))
        {
            session.Report(TargetRules.OperatorUnavailable, task.OperatorSpan, $"the hosted service does not have {name}>", instead);
        }
        else if (HostedService.Known.HostedOnly.ContainsKey(name) && (session.Target == Target.Digdag || !session.Operators.ContainsKey(name)))
        {
            session.Report(TargetRules.OperatorHostedOnly, task.OperatorSpan, $"only the hosted service has {name}>");
        }
        else if (HostedService.Known.Undocumented.TryGetValue(name, out var since))
        {
            session.Report(TargetRules.OperatorUndocumented, task.OperatorSpan, $"the hosted service has not documented {name}> since {since}");
        }
    }

    private void CheckParameters(CheckSession session, CheckedFile file, TaskNode task, string name)
    {
        switch (name)
        {
            case "td" or "td_run" when Download(session, file, task) is { } download:
                session.Report(TargetRules.DownloadFile, download, "the hosted service cannot write download_file");
                break;
            case "td_wait" when IsSet(task, "wait_timeout"):
                session.Report(TargetRules.WaitTimeout, task.Config.KeySpan("wait_timeout"), "Digdag's td_wait> does not read wait_timeout");
                break;
            case "td_result_export" when !IsSet(task, "job_id"):
                CheckExport(session, task);
                break;
            default:
                break;
        }
    }

    private static void CheckExport(CheckSession session, TaskNode task)
    {
        if (task.Command is null or ConfigNull or ConfigText { Value: "" })
        {
            session.Report(
                DiagnosticRules.MissingParameter, task.OperatorSpan, "td_result_export> needs the parameter 'job_id'", "Set job_id: the job, for example ${td.last_job_id}.");
        }
        else
        {
            session.Report(TargetRules.JobIdAsCommand, task.Command.Span ?? task.OperatorSpan, "Digdag reads the job from job_id only");
        }
    }

    // On the task, or in the section td of the task or of an export.
    private SourceSpan? Download(CheckSession session, CheckedFile file, TaskNode task) => IsSet(task, "download_file")
        ? task.Config.KeySpan("download_file")
        : _values.Find(session, file, task, "td", "download_file")?.Span;

    private static bool IsSet(TaskNode task, string key) => task.Config[key] is { IsNull: false };
}
