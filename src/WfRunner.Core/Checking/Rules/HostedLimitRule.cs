using System.Globalization;
using System.Numerics;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Compares tasks with limits that the hosted service alone has: names, durations, tasks at once, retried groups.</summary>
internal sealed class HostedLimitRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        if (session.Target != Target.Td || file.Tasks is not { } root)
        {
            return;
        }

        CheckNames(session, root, root.FullName);
        foreach (var task in file.ActiveTasks)
        {
            if (task.Operator is null)
            {
                CheckGroup(session, task);
            }
            else
            {
                CheckParallel(session, task, LimitRule.Repetitions(task));
                CheckDurations(session, task);
            }
        }
    }

    private static void CheckGroup(CheckSession session, TaskNode task)
    {
        if (task.Config["_retry"] is { IsNull: false } retry && LimitRule.Number(retry) is not { IsZero: true })
        {
            session.Report(TargetRules.GroupRetry, task.Config.KeySpan("_retry"), "once this group has been retried, the attempt cannot be resumed");
        }

        CheckParallel(session, task, task.Children.Count(c => c.Role.StartsWith('+')));
    }

    // Of a group its children, of a loop its repetitions.
    private static void CheckParallel(CheckSession session, TaskNode task, BigInteger children)
    {
        var limits = HostedService.Known.Limits;
        switch (task.Config["_parallel"])
        {
            case ConfigMap setting when LimitRule.Number(setting["limit"]) is { } limit && limit > limits.ParallelLimit:
                session.Report(
                    TargetRules.ParallelTasks,
                    task.Config.KeySpan("_parallel"),
                    string.Create(CultureInfo.InvariantCulture, $"{limit} tasks at once are asked for; the service runs {limits.ParallelLimit} of a group"));
                break;
            case ConfigBoolean { Value: true } when children > limits.RunningTasks:
                session.Report(
                    TargetRules.ParallelTasks,
                    task.Config.KeySpan("_parallel"),
                    string.Create(CultureInfo.InvariantCulture, $"{children} tasks can run at once; the service runs {limits.RunningTasks} of an account"));
                break;
            default:
                break;
        }
    }

    private static void CheckDurations(CheckSession session, TaskNode task)
    {
        if (task.Operator == "wait" && task.Command is { } command)
        {
            CheckDuration(session, command, "wait>");
        }

        foreach (var entry in task.OwnKeys.Where(e => e.Key.EndsWith("timeout", StringComparison.Ordinal)))
        {
            CheckDuration(session, entry.Value, entry.Key);
        }
    }

    private static void CheckDuration(CheckSession session, ConfigValue value, string shown)
    {
        var longest = HostedService.Known.Limits.TaskTime;
        if (value is ConfigText text && DurationText.TryParse(text.Value, out var duration) && duration > longest)
        {
            session.Report(
                TargetRules.LongWait,
                value.Span,
                string.Create(CultureInfo.InvariantCulture, $"{shown} may take {text.Value}; the service ends every task after {longest.TotalHours:0} hours"));
        }
    }

    // A long name makes those of all tasks below it long: the topmost one is told.
    private static void CheckNames(CheckSession session, TaskNode task, string name)
    {
        var longest = HostedService.Known.Limits.TaskNameBytes;
        if (Encoding.UTF8.GetByteCount(name) is var bytes && bytes > longest)
        {
            session.Report(
                TargetRules.LongTaskName,
                NameSpan(task),
                string.Create(CultureInfo.InvariantCulture, $"the full name has {bytes} bytes; the service takes {longest}"));
            return;
        }

        foreach (var child in task.Children)
        {
            var own = child.FullName[task.FullName.Length..];
            CheckNames(session, child, name + own + (child.Role == "_do" ? Iteration(task) : string.Empty));
        }
    }

    private static SourceSpan? NameSpan(TaskNode task) => task.Parent?.Config.KeySpan(task.Role) ?? task.OperatorSpan ?? task.Config.Span;

    // What the operator adds to the name of the last repetition, as far as it can be known.
    private static string Iteration(TaskNode task) => task.Operator switch
    {
        "loop" => string.Create(CultureInfo.InvariantCulture, $"+loop-{BigInteger.Max(LimitRule.Repetitions(task) - 1, 0)}"),
        "for_each" when task.Command is ConfigMap variables => "+for-" + string.Join('&', variables.Select(LongestValue)),
        "for_range" when task.Command is ConfigMap range => $"+range-from={Shown(range["from"])}&to={Shown(range["to"])}",
        _ => string.Empty,
    };

    private static string LongestValue(ConfigEntry variable, int index)
    {
        const int cutAfter = 8;
        var values = variable.Value is ConfigList list ? list.Items.Select(Shown).ToList() : [string.Empty];
        var longest = values.Count == 0 ? string.Empty : values.Select(v => Escaped(v)).MaxBy(v => v.Length)!;
        return string.Create(CultureInfo.InvariantCulture, $"{index}={Escaped(variable.Key)}={Math.Max(values.Count - 1, 0)}={longest}");

        static string Escaped(string text) => Uri.EscapeDataString(text.Length <= cutAfter ? text : text[..cutAfter]);
    }

    private static string Shown(ConfigValue? value) => value switch
    {
        null => string.Empty,
        ConfigText text => text.Value,
        _ => ConfigJson.Write(value),
    };
}
