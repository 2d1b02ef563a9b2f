using System.Globalization;
using System.Numerics;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Counts the tasks that can be known without running: those written, and those of loops over literal values.</summary>
internal sealed class LimitRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        if (file.Tasks is not { } root)
        {
            return;
        }

        // The root is counted twice when an attempt starts (dig-language 15).
        var limit = session.MaximumTasks;
        var written = Written(root) + 1;
        if (written > limit)
        {
            session.Report(
                TargetRules.TooManyTasks,
                root.Config.Span?.Start,
                string.Create(CultureInfo.InvariantCulture, $"the workflow has {written - 1} tasks; an attempt may have {limit}, of which the workflow itself counts twice"));
        }

        foreach (var task in root.WithDescendants())
        {
            if (task.Operator == "td_for_each" && session.Target == Target.Td)
            {
                session.Report(
                    TargetRules.TooManyIterations,
                    DiagnosticSeverity.Note,
                    task.OperatorSpan,
                    string.Create(CultureInfo.InvariantCulture, $"each row makes {1 + Generated(task)} tasks; an attempt may have {limit}"));
            }

            if (task.Operator is "loop" or "for_each" or "for_range" && !IsInsideLoop(task) && Generated(task) is var count && count > limit)
            {
                session.Report(
                    TargetRules.TooManyIterations,
                    task.OperatorSpan,
                    string.Create(CultureInfo.InvariantCulture, $"{task.Operator}> generates {count} tasks; an attempt may have {limit}"));
            }
        }
    }

    private static bool IsInsideLoop(TaskNode task)
    {
        for (var at = task.Parent; at is not null; at = at.Parent)
        {
            if (at.Operator is "loop" or "for_each" or "for_range")
            {
                return true;
            }
        }

        return false;
    }

    private static int Written(TaskNode task) =>
        task.WithDescendants().Count(t => t.Role.Length == 0 || (t.Role.StartsWith('+') && IsWritten(t)));

    private static bool IsWritten(TaskNode task)
    {
        for (var at = task; at is not null; at = at.Parent)
        {
            if (TaskNode.IsGenerated(at.Role))
            {
                return false;
            }
        }

        return true;
    }

    // Tasks below a task: its children, and those of its _do times the repetitions.
    private static BigInteger Generated(TaskNode task)
    {
        var times = Repetitions(task);
        return task.Children.Where(c => c.Role.StartsWith('+') || c.Role == "_do")
            .Aggregate(BigInteger.Zero, (sum, child) => sum + (times * (1 + Generated(child))));
    }

    internal static BigInteger Repetitions(TaskNode task)
    {
        switch (task.Operator)
        {
            case "loop":
                return Number(task.Command) ?? BigInteger.One;
            case "for_each" when task.Command is ConfigMap variables:
                return variables.Aggregate(BigInteger.One, (product, v) => product * (v.Value is ConfigList list ? list.Items.Count : 1));
            case "for_range" when task.Command is ConfigMap range && Number(range["from"]) is { } from && Number(range["to"]) is { } to && to > from:
                return Number(range["step"]) is { IsZero: false } step ? (to - from + step - 1) / step : Number(range["slices"]) ?? BigInteger.One;
            default:
                return BigInteger.One;
        }
    }

    internal static BigInteger? Number(ConfigValue? value) => value switch
    {
        ConfigInteger number => number.Value,
        ConfigText text when BigInteger.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
