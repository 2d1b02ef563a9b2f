using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Compares tasks with what their operators declare: names, parameters, types.</summary>
internal sealed class OperatorRule : IFileRule
{
    private readonly CallGraph _calls;

    private static readonly HashSet<string> CommonKeys = new(StringComparer.Ordinal)
    {
        "_type", "_command", "_export", "_env", "_secrets", "_retry", "_error", "_check", "_after", "_background", "_disable", "_timeout",
        "_workdir",
    };

    /// <summary>Makes the rule.</summary>
    /// <param name="calls">Who calls whom.</param>
    public OperatorRule(CallGraph calls) => _calls = calls;

    public void Check(CheckSession session, CheckedFile file)
    {
        var given = new List<ConfigMap> { session.Request.Parameters };
        given.AddRange(_calls.CallersOf(file).SelectMany(c => c.ActiveTasks).Select(t => t.Config["_export"]).OfType<ConfigMap>());
        foreach (var task in file.ActiveTasks)
        {
            if (task.Operator is not { } name || CheckSession.IsTemplate(name))
            {
                continue;
            }

            if (session.Operators.TryGetValue(name, out var description))
            {
                if (session.Target == Target.Td && HostedService.Known.Unavailable.ContainsKey(name))
                {
                    continue;
                }

                CheckKeys(session, file, task, description);
                CheckTypes(session, task, description);
                CheckRequired(session, task, description, given);
            }
            else if (!AvailabilityRule.Judges(session, name))
            {
                var near = EditDistance.Nearest(name, AvailabilityRule.NamesFor(session));
                session.Report(
                    TargetRules.UnknownOperator,
                    task.OperatorSpan,
                    $"there is no operator {name}>",
                    near is null ? null : $"Did you mean {near}>?");
            }
        }
    }

    private static void CheckKeys(CheckSession session, CheckedFile file, TaskNode task, OperatorDescription description)
    {
        HashSet<string>? referred = null;
        foreach (var entry in task.OwnKeys)
        {
            if (CommonKeys.Contains(entry.Key) || entry.Key == SectionOf(description.Name) || TaskKeys.IsOperator(entry.Key) || description.Parameters.Any(p => p.Name == entry.Key))
            {
                continue;
            }

            var near = EditDistance.Nearest(entry.Key, description.Parameters.Select(p => p.Name).Concat(CommonKeys));
            if (description.TakesAnyParameter && (near is null || !near.StartsWith('_')))
            {
                continue;
            }

            // A key may also be a variable for the other texts of the task, and for the file it runs.
            referred ??=
            [
                .. TaskTexts.Of(task).SelectMany(t => t.Names.Uses).Select(u => u.Name),
                .. TaskTexts.FilesOf(session, file, task).SelectMany(f => f.Names.Uses).Select(u => u.Name),
            ];
            if (!referred.Contains(entry.Key))
            {
                session.Report(
                    DiagnosticRules.UnknownParameter,
                    entry.KeySpan,
                    $"{description.Name}> has no parameter '{entry.Key}'",
                    near is null ? null : $"Did you mean {near}?");
            }
        }
    }

    private static void CheckTypes(CheckSession session, TaskNode task, OperatorDescription description)
    {
        if (task.Command is { IsNull: false } command)
        {
            CheckType(session, description.Command, $"{description.Name}>", command);
        }

        foreach (var parameter in description.Parameters)
        {
            if (task.Config.TryGet(parameter.Name, out var value))
            {
                CheckType(session, parameter, parameter.Name, value);
            }
        }
    }

    private static void CheckType(CheckSession session, OperatorParameter parameter, string shown, ConfigValue value)
    {
        if (value is ConfigText text && CheckSession.IsTemplate(text.Value))
        {
            return;
        }

        var expected = parameter.Type switch
        {
            ParameterType.Text when value is ConfigMap or ConfigList => "a text",
            ParameterType.Integer when !IsInteger(value) => "an integer",
            ParameterType.Boolean when !IsBoolean(value) => "true or false",
            ParameterType.List when value is not (ConfigList or ConfigNull) && !IsJson(value, '[') => "a list",
            ParameterType.Map when value is not (ConfigMap or ConfigNull) && !IsJson(value, '{') => "a mapping",
            ParameterType.File when value is ConfigList or ConfigBoolean => "the path of a file, or a mapping with data:",
            ParameterType.Tasks when value is not (ConfigMap or ConfigNull) && !IsTaskList(value) => "tasks",
            _ => null,
        };
        if (expected is not null)
        {
            session.Report(
                DiagnosticRules.WrongParameterType, value.Span, $"'{shown}' takes {expected}, not {Shown(value)}", $"Give {expected}: {parameter.Summary}");
        }
    }

    private static bool IsInteger(ConfigValue value) => value switch
    {
        ConfigInteger or ConfigFloat or ConfigNull => true,
        ConfigText text => text.Value.Length == 0 || long.TryParse(text.Value, System.Globalization.CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private static bool IsBoolean(ConfigValue value) => value is ConfigBoolean or ConfigInteger or ConfigFloat or ConfigNull
        or ConfigText { Value: "true" or "false" or "True" or "False" or "" };

    private static bool IsJson(ConfigValue value, char opening) => value is ConfigText text && text.Value.AsSpan().TrimStart().StartsWith([opening]);

    private static bool IsTaskList(ConfigValue value) => value is ConfigList list && list.Items.All(i => i is ConfigMap);

    private static string Shown(ConfigValue value)
    {
        const int longest = 40;
        var text = value.ToString() ?? string.Empty;
        return text.Length <= longest ? text : text[..longest] + "...";
    }

    private static void CheckRequired(CheckSession session, TaskNode task, OperatorDescription description, List<ConfigMap> given)
    {
        if (description.Command.Required && task.Command is (null or ConfigNull) && !IsSet(task, description, "_command", given))
        {
            session.Report(
                DiagnosticRules.MissingParameter,
                task.OperatorSpan,
                $"{description.Name}> needs a value",
                $"Write behind {description.Name}>: {description.Command.Summary}");
        }

        foreach (var parameter in description.Parameters.Where(p => p.Required))
        {
            if (!IsSet(task, description, parameter.Name, given))
            {
                session.Report(
                    DiagnosticRules.MissingParameter,
                    task.OperatorSpan,
                    $"{description.Name}> needs the parameter '{parameter.Name}'",
                    $"Set {parameter.Name}: {parameter.Summary}");
            }
        }
    }

    // On the task, or by -p, a caller or any task around it: under its own name or in the operator's section.
    private static bool IsSet(TaskNode task, OperatorDescription description, string name, List<ConfigMap> given)
    {
        if ((task.Config.TryGet(name, out var own) && own is not ConfigNull) || IsIn(task.Config))
        {
            return true;
        }

        for (var at = task; at is not null; at = at.Parent)
        {
            if (at.Config["_export"] is ConfigMap exports && IsIn(exports))
            {
                return true;
            }
        }

        return given.Exists(IsIn);

        bool IsIn(ConfigMap map) => map.Has(name) || (map[SectionOf(description.Name)] is ConfigMap section && section.Has(name));
    }

    // td_run and its relatives read the section td, http_call the section http.
    private static string SectionOf(string name) => name.IndexOf('_', StringComparison.Ordinal) is var end and > 0 ? name[..end] : name;
}
